// @ts-check
/** Shows a gate decision: verdict by word, sign and band; the permit's colour; the plate. */

import { shown } from "./plates.js";

/** @import { Decision, Verdict } from "./decide.js" */

const SIGNS = /** @type {Record<string, string>} */ ({
  admit: "tick",
  check: "mark",
  refuse: "cross",
});

/**
 * A decision as it is shown, whoever made it: see `app/decision_facts.py`.
 * @typedef {{verdict: Verdict, reasons: string[], colour_key: string | null, letter: string | null,
 *   shape: string | null, compound: string | null, compound_en: string | null,
 *   windows: import("./decide.js").ZoneWindow[],
 *   plate: string | null, plate_shown: string | null, serial: string | null,
 *   replaced_by: string | null, suspended_until: string | null,
 *   valid_to: string | null}} DecisionFacts
 * @typedef {{reasons: Record<string, [string, string]>, verdicts: Record<string, [string, string]>,
 *   page: Record<string, [string, string]>}} Words
 * @typedef {{words: [string, string], kind: string, act: () => void}} Choice
 */

/**
 * Returns what is shown of a decision that this phone made.
 * @param {Decision} decision
 * @returns {DecisionFacts}
 */
export function factsOf({ sign, zones, plate, ...decision }) {
  return {
    verdict: decision.verdict,
    reasons: decision.reasons,
    colour_key: sign?.colour ?? null,
    letter: sign?.letter ?? null,
    shape: sign?.shape ?? null,
    compound: sign?.name ?? null,
    compound_en: sign?.name_en ?? null,
    windows: zones,
    plate,
    plate_shown: plate && shown(plate),
    serial: decision.serial || null,
    replaced_by: decision.replaced_by,
    suspended_until: decision.suspended_until,
    valid_to: decision.valid_to,
  };
}

/** @param {ParentNode} root @param {string} selector */
function part(root, selector) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}

/** Fills an element with a plate whose dot is narrow. @param {HTMLElement} target @param {string} text */
export function writePlate(target, text) {
  const [head, tail] = text.split("·");
  target.replaceChildren(head);
  if (tail === undefined) return;
  const dot = document.createElement("i");
  dot.textContent = "·";
  target.append(dot, tail);
}

/** @param {DecisionFacts} decision */
function zonesLine(decision) {
  const allDay = decision.windows.filter((one) => !one.starts).map((one) => one.zone);
  const timed = decision.windows
    .filter((one) => one.starts)
    .map((one) => `${one.zone} ${one.starts}–${one.ends}`);
  return [allDay.join(" "), ...timed].filter(Boolean).join(" · ");
}

/**
 * Shows a decision and what the guard may do about it.
 * @param {HTMLElement} target
 * @param {DecisionFacts} decision
 * @param {Words} words
 * @param {Choice[]} choices
 */
export function showVerdict(target, decision, words, choices) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("verdict-template"));
  const made = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const [zh, en] = words.verdicts[decision.verdict];
  part(made, ".verdict").classList.add(decision.verdict);
  part(made, ".verdict-sign").classList.add(SIGNS[decision.verdict]);
  part(made, "[data-zh]").textContent = zh;
  part(made, "[data-en]").textContent = en.toUpperCase();
  showSign(part(made, ".sign"), decision);
  writePlate(part(made, "[data-plate]"), decision.plate_shown ?? "");
  const where = [decision.compound, zonesLine(decision)].filter(Boolean).join("　");
  part(made, "[data-where]").textContent = where;
  for (const reason of decision.reasons) {
    const line = document.createElement("p");
    line.className = "reason";
    const english = document.createElement("small");
    english.lang = "en";
    line.append(words.reasons[reason][0], english);
    english.textContent = words.reasons[reason][1];
    part(made, "[data-reasons]").append(line);
  }
  const until = decision.valid_to && `${words.page.valid_until.join(" ")} ${decision.valid_to}`;
  const serial = [decision.serial, until];
  if (decision.replaced_by) serial.push(`${words.page.replaced_by[0]} ${decision.replaced_by}`);
  part(made, "[data-serial]").textContent = serial.filter(Boolean).join(" · ");
  part(made, ".gate-acts").append(...choices.map(button));
  target.className = `shown ${decision.verdict}`;
  target.dataset.verdict = decision.verdict;
  target.replaceChildren(made);
  target.hidden = false;
  part(target, "button").focus();
}

/**
 * Puts a line above a verdict that is shown, for what the guard must not miss.
 * @param {HTMLElement} target
 * @param {[string, string]} said
 */
export function warn(target, said) {
  const line = document.createElement("p");
  line.className = "warning";
  line.textContent = said.join(" · ");
  part(target, ".verdict").before(line);
}

/** @param {HTMLElement} block @param {DecisionFacts} decision */
function showSign(block, decision) {
  if (!decision.colour_key || !decision.letter) return;
  block.hidden = false;
  block.classList.add(`permit-${decision.colour_key}`);
  block.classList.toggle("struck", decision.verdict === "refuse");
  part(block, "[data-letter]").textContent = decision.letter;
  const shape = /** @type {HTMLTemplateElement} */ (document.getElementById(`shape-${decision.shape}`));
  block.append(shape.content.cloneNode(true));
}

/** @param {Choice} choice */
function button(choice) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = choice.kind;
  const english = document.createElement("small");
  english.lang = "en";
  english.textContent = ` ${choice.words[1]}`;
  made.append(choice.words[0], english);
  made.addEventListener("click", choice.act);
  return made;
}
