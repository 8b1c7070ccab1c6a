// @ts-check
/** Shows a gate decision: verdict by word, sign and band; the permit's colour; the plate. */

const SIGNS = /** @type {Record<string, string>} */ ({
  admit: "tick",
  check: "mark",
  refuse: "cross",
});

/**
 * @typedef {{verdict: string, reasons: string[], colour_key: string | null, letter: string | null,
 *   shape: string | null, compound: string | null, compound_en: string | null,
 *   windows: {zone: string, starts: string | null, ends: string | null, open_now: boolean}[],
 *   plate_shown: string | null, serial: string | null, replaced_by: string | null,
 *   valid_to: string | null}} Decision
 * @typedef {{reasons: Record<string, [string, string]>, verdicts: Record<string, [string, string]>,
 *   page: Record<string, [string, string]>}} Words
 * @typedef {{words: [string, string], kind: string, act: () => void}} Choice
 */

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

/** @param {Decision} decision */
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
 * @param {Decision} decision
 * @param {Words} words
 * @param {Choice[]} choices
 */
export function showVerdict(target, decision, words, choices) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("verdict-template"));
  const shown = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const [zh, en] = words.verdicts[decision.verdict];
  part(shown, ".verdict").classList.add(decision.verdict);
  part(shown, ".verdict-sign").classList.add(SIGNS[decision.verdict]);
  part(shown, "[data-zh]").textContent = zh;
  part(shown, "[data-en]").textContent = en.toUpperCase();
  showSign(part(shown, ".sign"), decision);
  writePlate(part(shown, "[data-plate]"), decision.plate_shown ?? "");
  const where = [decision.compound, zonesLine(decision)].filter(Boolean).join("　");
  part(shown, "[data-where]").textContent = where;
  for (const reason of decision.reasons) {
    const line = document.createElement("p");
    line.className = "reason";
    const english = document.createElement("small");
    english.lang = "en";
    line.append(words.reasons[reason][0], english);
    english.textContent = words.reasons[reason][1];
    part(shown, "[data-reasons]").append(line);
  }
  const until = decision.valid_to && `${words.page.valid_until.join(" ")} ${decision.valid_to}`;
  const serial = [decision.serial, until];
  if (decision.replaced_by) serial.push(`${words.page.replaced_by[0]} ${decision.replaced_by}`);
  part(shown, "[data-serial]").textContent = serial.filter(Boolean).join(" · ");
  part(shown, ".gate-acts").append(...choices.map(button));
  target.className = `shown ${decision.verdict}`;
  target.dataset.verdict = decision.verdict;
  target.replaceChildren(shown);
  target.hidden = false;
  part(target, "button").focus();
}

/** @param {HTMLElement} block @param {Decision} decision */
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
