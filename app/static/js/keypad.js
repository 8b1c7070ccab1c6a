// @ts-check
/**
 * Keys for Chinese plates under a thumb. The box stays an ordinary text box: a keyboard, a hand
 * scanner or a screen reader writes into it too, and only the phone's own keyboard stays away.
 */

import { FIRST_KEYS, meant, nextKeys, OTHER_KEYS, SUFFIX_KEYS } from "./plate-keys.js";
import { normalise, parse, PROVINCES, shown } from "./plates.js";
import { writePlate } from "./verdict.js";

/** @import { Words } from "./verdict.js" */

const COLUMNS = 7;

/** Steps of the arrow keys from one key to another. @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };

export class Keypad {
  /**
   * @param {HTMLElement} root an empty element; hidden until the box has the focus.
   * @param {HTMLInputElement} input the box, in a form of its own.
   * @param {object} given
   * @param {string} given.province the local one: every plate begins with it until it is taken away.
   * @param {Words["page"]} given.words
   * @param {(plate: string) => Promise<boolean>} [given.matches] whether the facts on this device
   *   know a whole plate.
   */
  constructor(root, input, { province, words, matches }) {
    Object.assign(input, { inputMode: "none", autocomplete: "off", spellcheck: false });
    input.defaultValue = province;
    this.root = root;
    this.input = input;
    this.province = province;
    this.words = words;
    this.matches = matches;
    this.hasLetters = false;
    this.strip = element("div", "strip");
    this.first = this.layer([...FIRST_KEYS, "letters", "delete"]);
    this.others = this.layer([...OTHER_KEYS, "delete"]);
    this.says = element("p", "visually-hidden");
    this.says.setAttribute("role", "status");
    root.replaceChildren(this.strip, this.first, this.others, this.says);
    this.listen();
    this.show();
  }

  listen() {
    // The focus stays in the box, so that a hand scanner finds it there.
    this.root.addEventListener("pointerdown", (event) => event.preventDefault());
    this.root.addEventListener("click", (event) => {
      const key = /** @type {HTMLElement} */ (event.target).closest("button");
      if (key && key.getAttribute("aria-disabled") !== "true") this.press(key.value);
    });
    this.root.addEventListener("keydown", (event) => this.step(event));
    this.input.addEventListener("focus", () => this.open());
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("input", () => this.typed());
    this.input.form?.addEventListener("reset", () => setTimeout(() => this.show()));
    this.input.form?.addEventListener("submit", (event) => {
      if (this.text !== "" && this.text !== this.province) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.input.focus();
    });
  }

  /** The plate so far, canonical. */
  get text() {
    return normalise(this.input.value);
  }

  open() {
    this.root.hidden = false;
    this.root.dispatchEvent(new CustomEvent("keypad", { bubbles: true, detail: true }));
  }

  close() {
    this.root.hidden = true;
    this.root.dispatchEvent(new CustomEvent("keypad", { bubbles: true, detail: false }));
  }

  /** @param {string} key */
  press(key) {
    if (key === "close") return this.close();
    if (key === "letters") {
      this.hasLetters = true;
      return this.show();
    }
    if (key.startsWith("plate:")) {
      this.write(key.slice("plate:".length));
      return this.input.form?.requestSubmit();
    }
    const text = this.text;
    if (key === "clear") this.write("");
    else this.write(key === "delete" ? text.slice(0, -1) : text + key);
  }

  /** @param {string} text */
  write(text) {
    this.input.value = text;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.says.textContent = [...text].join(" ");
  }

  /** Shows what can follow, after the box has changed by whatever means. */
  typed() {
    const [one, two] = this.text;
    // Who types the province beside the preselected one means the one typed.
    if (two && PROVINCES.includes(one) && PROVINCES.includes(two)) this.input.value = this.text.slice(1);
    this.hasLetters = false;
    this.show();
  }

  show() {
    const text = this.text;
    const next = nextKeys(text);
    this.first.hidden = text !== "" || this.hasLetters;
    this.others.hidden = !this.first.hidden;
    for (const key of this.root.querySelectorAll(".keys button")) {
      const { value } = /** @type {HTMLButtonElement} */ (key);
      const can = value === "delete" ? text !== "" || this.hasLetters : value === "letters" || next.has(value);
      key.setAttribute("aria-disabled", String(!can));
    }
    const suffixes = text ? SUFFIX_KEYS.filter((key) => next.has(key)) : [];
    const ends = suffixes.map((key) => this.key(key));
    if (text === this.province) ends.push(this.key("clear"));
    this.strip.replaceChildren(...ends, element("span", "fill"), this.key("close"));
    this.root.dataset.complete = String(parse(text) !== null);
    this.suggest(text);
  }

  /** Offers the whole plates that the facts on this device know. @param {string} text */
  async suggest(text) {
    if (!this.matches) return;
    const plates = meant(text, this.province);
    const known = await Promise.all(plates.map(this.matches));
    if (this.text !== text) return;
    const chips = plates.filter((_, place) => known[place]).map((plate) => this.chip(plate));
    this.strip.querySelector(".fill")?.before(...chips);
  }

  /** @param {string} plate */
  chip(plate) {
    const made = this.key(`plate:${plate}`);
    made.className = "chip plate";
    writePlate(made, shown(plate));
    made.setAttribute("aria-label", `${this.words.suggested.join(" · ")} ${shown(plate)}`);
    return made;
  }

  /** @param {string} value */
  key(value) {
    const made = element("button", "");
    made.type = "button";
    made.value = value;
    const face = FACES[value];
    made.textContent = face ?? value;
    if (face) made.setAttribute("aria-label", this.words[`key_${value}`].join(" · "));
    return made;
  }

  /** @param {string[]} values */
  layer(values) {
    const made = element("div", "keys");
    made.append(...values.map((value) => this.key(value)));
    // One stop for the tab key; the arrows lead on from there.
    made.querySelectorAll("button").forEach((key, place) => {
      key.tabIndex = place ? -1 : 0;
    });
    return made;
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    if (event.key === "Escape") {
      // Only the keys go away, not the sheet that they are on.
      event.preventDefault();
      this.input.focus();
      return this.close();
    }
    const keys = /** @type {HTMLButtonElement[]} */ ([
      ...(document.activeElement?.closest(".keys")?.children ?? []),
    ]);
    const here = keys.findIndex((key) => key === document.activeElement);
    const there = keys[here + (STEPS[event.key] ?? 0)];
    if (here < 0 || !there || !(event.key in STEPS)) return;
    event.preventDefault();
    keys[here].tabIndex = -1;
    there.tabIndex = 0;
    there.focus();
  }
}

/** Keys that write nothing, and what stands on them. @type {Record<string, string>} */
const FACES = { delete: "⌫", letters: "A–1", clear: "省", close: "⌄" };

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 */
function element(tag, className) {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
