// @ts-check
/** Who is inside, and the notes of the shifts: read from the server, written through the outbox. */

/** @import { Words } from "./verdict.js" */

/**
 * Wires the sheets that show what only the server knows.
 * @param {object} given
 * @param {string} given.address the page that has them; empty where there is none.
 * @param {Words["page"]} given.words
 * @param {() => {gate: number}} given.place
 * @param {(item: Record<string, unknown> & {kind: string}) => Promise<unknown>} given.add puts an item in the outbox.
 * @param {(words: [string, string]) => void} given.done says what was kept.
 * @returns {(name: "inside" | "notes") => void} opens one of them.
 */
export function mountPanels({ address, words, place, add, done }) {
  const note = /** @type {HTMLFormElement} */ (document.getElementById("note-form"));
  note.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = String(new FormData(note).get("text")).trim();
    if (!text) return;
    await add({ kind: "note", gate: place().gate, text });
    note.reset();
    note.closest("dialog")?.close();
    done(words.note_kept);
  });
  return (name) => {
    const sheet = /** @type {HTMLDialogElement} */ (document.getElementById(name));
    const target = /** @type {HTMLElement} */ (sheet.querySelector("[data-from]"));
    sheet.showModal();
    fill(target, address, words[`${name}_offline`]);
  };
}

/**
 * Fills an element with the part of a page that it names, or with words where there is no network.
 * @param {HTMLElement} target
 * @param {string} address
 * @param {[string, string]} offline
 */
async function fill(target, address, offline) {
  target.setAttribute("aria-busy", "true");
  const part = await partOf(address, target.dataset.from ?? "");
  if (part) target.replaceChildren(part);
  else target.textContent = offline.join(" · ");
  target.removeAttribute("aria-busy");
}

/** @param {string} address @param {string} selector @returns {Promise<Node | null>} */
async function partOf(address, selector) {
  if (!address || !navigator.onLine) return null;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    // A session that is over leads on to the sign-in page, which has no such part.
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector(selector);
    part?.removeAttribute("id");
    return part && document.importNode(part, true);
  } catch {
    return null;
  }
}
