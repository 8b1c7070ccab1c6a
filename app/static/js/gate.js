// @ts-check
/**
 * The gate's page: camera, keys or hand scanner in, verdict out, pass kept. The phone decides,
 * whether there is a network or not; the server is asked beside it, and its graver word counts.
 */

import { mountFireLanes } from "./fire-lanes.js";
import { Keypad } from "./keypad.js";
import { mountPanels } from "./panels.js";
import { Phone } from "./phone.js";
import { startReading } from "./reading.js";
import { mountRefusedList } from "./refused-list.js";
import { keepAwake, Signals } from "./signals.js";
import { mountStateLine } from "./state-line.js";
import { mountTheme } from "./theme.js";
import { factsOf, showVerdict, warn } from "./verdict.js";
import { cameIn, mountVisitForm } from "./visit-form.js";

/**
 * @import { Asked } from "./phone.js"
 * @import { Choice, DecisionFacts, Words } from "./verdict.js"
 */

/**
 * A car at the barrier.
 * @typedef {object} Question
 * @property {Asked} asked
 * @property {Date} at
 * @property {DecisionFacts | null} facts what is shown.
 */

/** The same symbol is no new car before it was out of sight for so long. */
const QUIET_MS = 5000;

const GRAVITY = ["admit", "check", "refuse"];
const GATE = "gate-chosen";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const facts = byId("gate-facts").dataset;
const words = /** @type {Words} */ (JSON.parse(byId("gate-words").textContent ?? "{}"));
const typed = /** @type {HTMLFormElement} */ (byId("typed"));
const plate = /** @type {HTMLInputElement} */ (byId("plate"));
const recorded = byId("recorded");
const verdict = byId("verdict");
const gates = /** @type {HTMLSelectElement | null} */ (document.getElementById("gate-choice"));

/** @type {Question | null} */
let question = null;
let lastText = "";
let lastAt = 0;

const scanner = startReading({
  words: words.page,
  worker: facts.worker ?? "",
  seen: (text) => {
    const isRepeat = isSameCar(text);
    // As long as a symbol stays in view it is the same car.
    if (isRepeat) lastAt = Date.now();
    else ask({ scanned: text });
  },
  scanned: (text) => {
    if (!isSameCar(text)) ask({ scanned: text });
  },
});
const signals = new Signals();
const starting = Phone.start(facts);

typed.addEventListener("submit", (event) => {
  event.preventDefault();
  if (plate.value.trim()) ask({ plate: plate.value });
});

/** @param {string} text */
function isSameCar(text) {
  return text === lastText && Date.now() - lastAt < QUIET_MS;
}

/** @returns {number} id of the gate where the guard stands. */
function gate() {
  return Number(gates?.value ?? facts.gate);
}

/** @returns {string} in or out */
function direction() {
  const chosen = /** @type {HTMLInputElement} */ (document.querySelector("[name=direction]:checked"));
  return chosen.value;
}

/** @param {Asked} asked */
async function ask(asked) {
  scanner.paused = true;
  recorded.textContent = "";
  lastText = "scanned" in asked ? asked.scanned : "";
  lastAt = Date.now();
  const mine = { asked, at: new Date(), facts: null };
  question = mine;
  const phone = await starting;
  const opinion = phone.secondOpinion(asked);
  const here = await decideHere(mine);
  if (question !== mine) return;
  if (here) show(mine, here);
  const there = await opinion;
  if (question !== mine) return;
  if (here && there) await compare(mine, here, there);
  else if (there) show(mine, there);
  else if (!here) next(words.page.no_data);
}

/** @param {Question} mine @returns {Promise<DecisionFacts | null>} */
async function decideHere({ asked, at }) {
  const phone = await starting;
  const decision = await phone.decide(asked, at);
  return decision && factsOf(decision);
}

/**
 * Follows the server where it says otherwise: at once where that is graver, and after asking for
 * what it knows in either case, so that one rule decides on the same facts.
 * @param {Question} mine
 * @param {DecisionFacts} here
 * @param {DecisionFacts} there
 */
async function compare(mine, here, there) {
  if (here.verdict === there.verdict) return;
  if (graver(here, there) === there) show(mine, there, true);
  const phone = await starting;
  await phone.sync.refresh();
  const again = await decideHere(mine);
  if (question !== mine || again === null) return;
  const settled = graver(again, there);
  if (settled.verdict !== mine.facts?.verdict) show(mine, settled, true);
}

/** @param {DecisionFacts} one @param {DecisionFacts} other */
function graver(one, other) {
  return GRAVITY.indexOf(other.verdict) > GRAVITY.indexOf(one.verdict) ? other : one;
}

/** @param {Question} mine @param {DecisionFacts} decision @param {boolean} [isChanged] */
function show(mine, decision, isChanged = false) {
  mine.facts = decision;
  showVerdict(verdict, decision, words, choices(mine, decision));
  if (isChanged) warn(verdict, words.page.changed);
  showState?.();
  signals.give(decision.verdict);
}

/**
 * @param {Question} mine
 * @param {DecisionFacts} decision
 * @returns {Choice[]} what the guard may do, the likeliest first
 */
function choices(mine, decision) {
  const record = (/** @type {boolean} */ through) => () => recordPass(mine, decision, through);
  const away = { words: words.page.turn_away, kind: "", act: record(false) };
  const leave = { words: words.page.next, kind: "quiet", act: () => next() };
  const way = direction() === "in" ? words.page.record_in : words.page.record_out;
  if (decision.verdict === "admit") {
    return [{ words: way, kind: "main", act: record(true) }, away, leave];
  }
  const checked = { words: words.page.admit_anyway, kind: "", act: record(true) };
  if (decision.verdict === "check") return [{ ...checked, kind: "main" }, away, leave];
  const refused = [{ ...away, kind: "main" }, checked];
  return [...refused, ...visits(decision), leave];
}

/** @param {DecisionFacts} decision @returns {Choice[]} how a car that nobody knows may come in */
function visits({ reasons, plate }) {
  if (!plate || !reasons.includes("plate_unknown") || direction() === "out") return [];
  const open = (/** @type {"visit" | "drop_off"} */ kind) => () => openVisit(kind, plate);
  return [
    { words: words.page.drop_off, kind: "", act: open("drop_off") },
    { words: words.page.visit, kind: "", act: open("visit") },
  ];
}

/** @param {Question} mine @param {DecisionFacts} decision @param {boolean} through */
async function recordPass(mine, decision, through) {
  // A second press of the button finds no question.
  if (question !== mine) return;
  question = null;
  const phone = await starting;
  const { asked, at } = mine;
  const item = {
    kind: "pass",
    gate: gate(),
    direction: direction(),
    ...asked,
    let_through: through,
    verdict: decision.verdict,
    reasons: decision.reasons,
    offline: !phone.server.isReached,
    pass_kind: "car",
  };
  try {
    await phone.add(item, at);
  } catch {
    // The phone has no room left: the guard must know, and may try again.
    question = mine;
    warn(verdict, words.page.not_kept);
    return;
  }
  next(words.page.recorded, at);
}

/** @param {[string, string]} [say] @param {Date} [at] */
function next(say, at) {
  question = null;
  lastAt = Date.now();
  verdict.hidden = true;
  typed.reset();
  scanner.paused = false;
  const time = at ? ` ${at.toLocaleTimeString("zh-CN", { hour12: false })}` : "";
  recorded.textContent = say ? say.join(" · ") + time : "";
}

/** @type {(() => void) | null} */
let showState = null;

function mountGateChoice() {
  if (!gates) return;
  const asked = new URLSearchParams(location.search).get("gate") ?? localStorage.getItem(GATE);
  // The page on the phone was made for another choice, or there is no network to make it anew.
  if ([...gates.options].some(({ value }) => value === asked)) gates.value = asked ?? gates.value;
  gates.addEventListener("change", () => localStorage.setItem(GATE, gates.value));
}

mountGateChoice();
mountTheme(byId("gate-body"), byId("theme"));
keepAwake();

const mute = byId("mute");
mute.setAttribute("aria-pressed", String(signals.isMuted));
mute.addEventListener("click", () => {
  signals.mute(!signals.isMuted);
  mute.setAttribute("aria-pressed", String(signals.isMuted));
});

new Keypad(byId("keypad"), plate, {
  province: facts.province ?? "",
  words: words.page,
  matches: async (one) => (await starting).isRegistered(one),
});

/** @param {Record<string, unknown> & {kind: string}} item */
const add = async (item) => (await starting).add(item);
/** @param {[string, string]} say */
const done = (say) => next(say, new Date());
const place = () => ({ gate: gate(), direction: direction() });

const openVisit = mountVisitForm(/** @type {HTMLDialogElement} */ (byId("visit")), {
  words: words.page,
  province: facts.province ?? "",
  place,
  add,
  done,
});
for (const button of document.querySelectorAll("[data-visit]")) {
  const kind = button.getAttribute("data-visit") === "visit" ? "visit" : "drop_off";
  button.addEventListener("click", () => openVisit(kind, plate.value));
}

const openPanel = mountPanels({ address: facts.inside ?? "", words: words.page, place, add, done });
for (const button of document.querySelectorAll("[data-open]")) {
  const name = button.getAttribute("data-open") ?? "";
  button.addEventListener("click", () => {
    if (name === "inside" || name === "notes") openPanel(name);
    else /** @type {HTMLDialogElement} */ (byId(name)).showModal();
  });
}

byId("service").addEventListener("click", async () => {
  await add({ ...cameIn(gate(), "service", direction()), reasons: ["service_vehicle"] });
  done(words.page.service_recorded);
});

const phone = await starting;
showState = mountStateLine(phone, words.page);
mountFireLanes(phone.sync);
mountRefusedList(byId("refused"), phone, () => {
  recorded.textContent = words.page.refused_items.join(" · ");
});
if (location.hash === "#no-network") {
  recorded.textContent = words.page.needs_network.join(" · ");
  history.replaceState(null, "", location.pathname);
}
