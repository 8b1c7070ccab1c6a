// @ts-check
/** The page on which the map is drawn: tools, canvas, table, and one request that saves it all. */

import { areaOf, featureOf } from "./map-areas.js";
import { MapCanvas } from "./map-canvas.js";
import { AreaTable } from "./map-table.js";
import { Server } from "./server.js";

/** @import { Area, Position } from "./map-areas.js" */
/** @import { Tool } from "./map-canvas.js" */

const page = /** @type {HTMLElement} */ (document.getElementById("map-editor"));
const given = JSON.parse(document.getElementById("map-given")?.textContent ?? "{}");
const faults = /** @type {HTMLElement} */ (page.querySelector("#map-faults"));
const hint = /** @type {HTMLElement} */ (page.querySelector("#map-hint"));
const newKind = /** @type {HTMLSelectElement} */ (page.querySelector("#new-kind"));
const metres = /** @type {HTMLInputElement} */ (page.querySelector("#metres-wide"));
const showAll = /** @type {HTMLButtonElement} */ (page.querySelector("#show-all"));
const tools = /** @type {NodeListOf<HTMLButtonElement>} */ (page.querySelectorAll("[data-tool]"));

const plan = given.map.plan;
const canvas = new MapCanvas(
  /** @type {HTMLElement} */ (page.querySelector("#map-canvas")),
  { width: given.width, height: plan.height, picture: given.picture },
);
const table = new AreaTable(
  /** @type {HTMLTableElement} */ (page.querySelector("#map-areas")),
  /** @type {HTMLTemplateElement} */ (page.querySelector("#area-row")),
  given,
);
const server = new Server(page.dataset.csrf ?? "");
let isChanged = false;

metres.value = plan.metres_wide ?? "";
for (const feature of given.map.features) add(areaOf(feature));

/** @param {Area} area */
function add(area) {
  table.add(area);
  canvas.put(area, labelOf(area));
  count();
}

/**
 * @param {Area} area
 * @returns {string} what stands on it: a code that is painted somewhere, else a name.
 */
function labelOf(area) {
  /** @type {[string, string][]} */
  const gates = given.codes.gate;
  const gate = area.kind === "gate" && gates.find(([code]) => code === area.code);
  return gate ? gate[1].split("  ")[1] : area.code || area.name;
}

function count() {
  const shown = page.querySelector("#area-count");
  if (shown) shown.textContent = String(table.rows.size);
}

/** @param {Area | null} area */
function choose(area) {
  table.choose(area);
  canvas.choose(area);
}

/**
 * @param {Position[][]} rings
 * @returns {Area} a new one of the chosen kind, with the first code that is not on the map yet.
 */
function fresh(rings) {
  const kind = newKind.value;
  const taken = new Set([...table.rows.keys()].filter((one) => one.kind === kind).map((one) => one.code));
  /** @type {[string, string][]} */
  const codes = given.codes[kind] ?? [];
  const code = (codes.find(([one]) => !taken.has(one)) ?? codes[0] ?? [""])[0];
  return { kind, code, name: "", name_en: "", capacity: null, rings };
}

/**
 * @param {EventTarget} source
 * @param {string} type
 * @param {(detail: any) => void} act
 */
function when(source, type, act) {
  source.addEventListener(type, (event) => act(/** @type {CustomEvent} */ (event).detail));
}

when(canvas, "drawn", (rings) => {
  const area = fresh(rings);
  isChanged = true;
  add(area);
  choose(area);
});
when(canvas, "chosen", choose);
when(canvas, "moved", (area) => { isChanged = true; table.fill(area); });
when(canvas, "removed", (area) => { isChanged = true; table.remove(area); count(); });
when(canvas, "tool", (tool) => {
  for (const one of tools) one.setAttribute("aria-pressed", String(one.dataset.tool === tool));
  hint.textContent = given.words[tool ?? "none"];
});
when(table, "changed", (area) => { isChanged = true; canvas.put(area, labelOf(area)); canvas.choose(area); });
when(table, "deleted", (area) => { isChanged = true; canvas.take(area); count(); });

for (const one of tools) {
  const tool = /** @type {Tool} */ (one.dataset.tool);
  one.addEventListener("click", () => canvas.use(tool, newKind.value === "gate"));
}

showAll.addEventListener("click", () => {
  table.showsAll = !table.showsAll;
  showAll.setAttribute("aria-pressed", String(table.showsAll));
  table.show();
});

page.querySelector("#add-area")?.addEventListener("click", () => {
  const area = fresh([[]]);
  add(area);
  choose(area);
  const row = table.rows.get(area);
  row?.querySelector("details")?.setAttribute("open", "");
  /** @type {HTMLElement | null | undefined} */ (row?.querySelector("textarea"))?.focus();
});

metres.addEventListener("change", () => { isChanged = true; });
globalThis.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });

page.querySelector("#save-map")?.addEventListener("click", async () => {
  const areas = [...table.rows.keys()];
  const json = {
    ...given.map,
    plan: { ...plan, metres_wide: metres.value ? Number(metres.value) : null },
    features: areas.map(featureOf),
  };
  try {
    const { status, body } = await server.ask(page.dataset.save ?? "", { json });
    if (status === 200) {
      isChanged = false;
      location.assign(body.address);
      return;
    }
    const wrong = body?.faults ?? [];
    table.mark(new Set(wrong.map((/** @type {{place: number}} */ one) => areas[one.place])));
    say(body?.title ?? given.words.unreached, wrong.map((/** @type {{words: string}} */ one) => one.words));
  } catch {
    say(given.words.unreached, []);
  }
});

/**
 * @param {string} words
 * @param {string[]} each
 */
function say(words, each) {
  const list = document.createElement("ul");
  list.append(...each.map((one) => Object.assign(document.createElement("li"), { textContent: one })));
  faults.replaceChildren(Object.assign(document.createElement("strong"), { textContent: words }), list);
  faults.hidden = false;
  faults.scrollIntoView({ block: "nearest" });
}
