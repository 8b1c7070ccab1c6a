// @ts-check
/** What this phone sent and the server did not take: nothing disappears without a word. */

import { shown } from "./plates.js";

/**
 * @import { Phone } from "./phone.js"
 * @import { Refused } from "./store.js"
 */

/**
 * Keeps a list of what was refused.
 * @param {HTMLElement} root hidden where nothing was; holds a list.
 * @param {Phone} phone
 * @param {() => void} said called when something more is refused.
 */
export async function mountRefusedList(root, phone, said) {
  const list = /** @type {HTMLElement} */ (root.querySelector("ul"));
  let count = 0;
  const show = async (isNews = true) => {
    const refused = await phone.store.refused();
    if (isNews && refused.length > count) said();
    count = refused.length;
    root.hidden = count === 0;
    list.replaceChildren(...refused.reverse().map(line));
  };
  phone.outbox.addEventListener("changed", () => show());
  await show(false);
}

/** @param {Refused} item */
function line({ at, fields, words, code }) {
  const made = document.createElement("li");
  const time = new Date(at).toLocaleString("zh-CN", { hour12: false });
  const plate = typeof fields.plate === "string" ? shown(fields.plate) : "";
  made.textContent = [time, plate, words || code].filter(Boolean).join(" · ");
  return made;
}
