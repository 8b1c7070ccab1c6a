// @ts-check
/**
 * USB and Bluetooth hand scanners: they type what they read, faster than anybody can, and end with
 * Enter. Where the focus is does not matter.
 */

/** A pause that ends what a scanner types; slow Bluetooth ones stumble now and then. */
const LONGEST_PAUSE_MS = 120;

/** What a key takes at most, on the average; the fastest typists need 60 ms. */
const SLOWEST_KEY_MS = 40;

/** A token's address has over 200 characters; so many nobody types at that speed. */
const FEWEST_KEYS = 16;

/** What the keys of a scanner's keyboard write, where the phone's language does not let them. */
const CODES = /** @type {Record<string, string>} */ ({
  Slash: "/",
  Period: ".",
  Minus: "-",
  Semicolon: ":",
});

/** Tells a scanner's typing from a person's. Pure but for what it has heard. */
export class Burst {
  text = "";
  startedAt = 0;
  lastAt = 0;

  /**
   * Hears one key.
   * @param {string} key the character, or `Enter`.
   * @param {number} at milliseconds, from any start.
   * @returns {string | null} what was scanned, once its Enter was heard.
   */
  hear(key, at) {
    if (at - this.lastAt > LONGEST_PAUSE_MS) this.text = "";
    this.lastAt = at;
    if (key === "Enter") {
      const scanned = this.isFast(at) ? this.text : null;
      this.text = "";
      return scanned;
    }
    if (this.text === "") this.startedAt = at;
    this.text += key;
    return null;
  }

  /** Whether what was heard so far cannot come from a person. @param {number} at */
  isFast(at) {
    const { length } = this.text;
    return length >= FEWEST_KEYS && at - this.startedAt <= length * SLOWEST_KEY_MS;
  }
}

/**
 * Calls back with whatever a hand scanner types anywhere on the page, and keeps it out of the box
 * that has the focus.
 * @param {(text: string) => void} found
 */
export function listenForScans(found) {
  const burst = new Burst();
  /** @type {{box: HTMLInputElement | HTMLTextAreaElement, value: string} | null} */
  let before = null;
  document.addEventListener(
    "keydown",
    (event) => {
      const key = written(event);
      if (key === null) return;
      const begins = burst.text === "" || event.timeStamp - burst.lastAt > LONGEST_PAUSE_MS;
      if (begins && key !== "Enter") before = boxWithFocus();
      const scanned = burst.hear(key, event.timeStamp);
      if (scanned !== null || burst.isFast(event.timeStamp)) {
        // Else Enter would press the button that has the focus.
        event.preventDefault();
        event.stopPropagation();
      }
      if (scanned === null) return;
      if (before && before.box.value !== before.value) {
        before.box.value = before.value;
        before.box.dispatchEvent(new Event("input", { bubbles: true }));
      }
      found(scanned);
    },
    { capture: true },
  );
}

/** @param {KeyboardEvent} event @returns {string | null} a character or Enter, null for all else */
function written(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  if (event.key === "Enter" || event.code === "NumpadEnter") return "Enter";
  if (event.key.length === 1) return event.key;
  // A Chinese keyboard takes the letters away to compose with them, but the keys stay named.
  if (event.key !== "Process" && !event.isComposing) return null;
  return CODES[event.code] ?? /^(?:Key|Digit|Numpad)(\w)$/.exec(event.code)?.[1] ?? null;
}

function boxWithFocus() {
  const box = document.activeElement;
  const isBox = box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement;
  return isBox ? { box, value: box.value } : null;
}
