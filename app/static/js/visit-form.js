// @ts-check
/** Registers a visit or a drop-off at the gate, and lets its car in. */

import { Keypad } from "./keypad.js";
import { parse } from "./plates.js";

/** @import { Words } from "./verdict.js" */

/**
 * Wires the sheet in which a visit is registered.
 * @param {HTMLDialogElement} sheet
 * @param {object} given
 * @param {Words["page"]} given.words
 * @param {string} given.province
 * @param {() => {gate: number, direction: string}} given.place the gate, and which way the car goes.
 * @param {(item: Record<string, unknown> & {kind: string}) => Promise<unknown>} given.add puts an item in the outbox.
 * @param {(words: [string, string]) => void} given.done says what was kept.
 * @returns {(kind: "visit" | "drop_off", plate: string) => void} opens it.
 */
export function mountVisitForm(sheet, { words, province, place, add, done }) {
  const form = /** @type {HTMLFormElement} */ (sheet.querySelector("#visit-form"));
  const box = /** @type {HTMLInputElement} */ (sheet.querySelector("#visit-plate"));
  const keys = /** @type {HTMLElement} */ (sheet.querySelector("#visit-keypad"));
  const wrong = /** @type {HTMLElement} */ (sheet.querySelector("[data-wrong]"));
  const keypad = new Keypad(keys, box, { province, words });
  let isDropOff = false;

  // Once the plate is whole its keys make room for the rest.
  box.addEventListener("input", () => {
    if (parse(box.value) && !isDropOff) keypad.close();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const visit = filled(form, isDropOff);
    const missing = missingIn(visit);
    wrong.textContent = missing ? words[missing].join(" · ") : "";
    if (missing) return;
    const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
    const { gate } = place();
    await add({ kind: "visit", gate, ...visit });
    if (submitter?.value !== "no") {
      await add({
        ...cameIn(gate, isDropOff ? "drop_off" : "visitor"),
        plate: visit.plate,
        reasons: ["visitor_ok"],
      });
    }
    sheet.close();
    done(words.registered);
  });

  return (kind, plate) => {
    form.reset();
    wrong.textContent = "";
    isDropOff = kind === "drop_off";
    for (const part of form.querySelectorAll("[data-host]")) {
      /** @type {HTMLElement} */ (part).hidden = isDropOff;
    }
    title(sheet, words[kind]);
    sheet.showModal();
    box.focus();
    if (plate) keypad.write(plate);
  };
}

/**
 * Returns the pass of a car that a guard lets in by his own eyes.
 * @param {number} gate
 * @param {string} kind as in `permits.passes.PassKind`.
 * @param {string} [direction]
 */
export function cameIn(gate, kind, direction = "in") {
  return {
    kind: "pass",
    gate,
    direction,
    let_through: true,
    verdict: "admit",
    offline: !navigator.onLine,
    pass_kind: kind,
  };
}

/** @param {HTMLElement} sheet @param {[string, string]} said */
function title(sheet, [zh, en]) {
  const english = document.createElement("small");
  english.lang = "en";
  english.textContent = ` ${en}`;
  sheet.querySelector("h2")?.replaceChildren(zh, english);
}

/** @param {HTMLFormElement} form @param {boolean} isDropOff */
function filled(form, isDropOff) {
  const given = new FormData(form);
  const compound = given.get("compound");
  return {
    plate: parse(String(given.get("plate")))?.text ?? null,
    visit_kind: isDropOff ? "drop_off" : String(given.get("visit_kind")),
    compound: isDropOff || !compound ? null : Number(compound),
    household: isDropOff ? "" : String(given.get("household")).trim(),
    hours: isDropOff ? null : Number(given.get("hours")),
  };
}

/** @param {ReturnType<typeof filled>} visit @returns {string | null} a key of the page's words */
function missingIn(visit) {
  if (!visit.plate) return "plate_needed";
  if (visit.visit_kind === "drop_off") return null;
  if (!visit.compound) return "compound_needed";
  return visit.household ? null : "flat_needed";
}
