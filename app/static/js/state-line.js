// @ts-check
/** The line that says whether there is a network, how old the data is, and what waits. */


/**
 * @import { Phone } from "./phone.js"
 * @import { Words } from "./verdict.js"
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Clocks that differ by more can let an expired permit pass. */
const WRONG_CLOCK_MS = 5 * MINUTE_MS;

/**
 * Keeps every `.sync` line of the page true, those too that are shown later.
 * @param {Phone} phone
 * @param {Words["page"]} words
 * @returns {() => void} shows it at once.
 */
export function mountStateLine(phone, words) {
  const show = () => {
    const said = state(phone, words, Date.now());
    for (const line of document.querySelectorAll(".sync")) {
      // A status that is written again is read out again.
      if (line.textContent !== said.join("")) line.replaceChildren(said[0], english(said[1]));
      line.classList.toggle("offline", !phone.server.isReached);
    }
  };
  phone.server.addEventListener("reached", show);
  phone.server.addEventListener("unreached", show);
  phone.sync.addEventListener("changed", show);
  phone.outbox.addEventListener("changed", show);
  setInterval(show, MINUTE_MS / 4);
  show();
  return show;
}

/**
 * Returns the line in Chinese and in English.
 * @param {Phone} phone
 * @param {Words["page"]} words
 * @param {number} now
 * @returns {[string, string]}
 */
export function state({ server, sync, outbox }, words, now) {
  const parts = [words[server.isReached ? "online" : "offline"]];
  if (sync.snapshot) parts.push(age(now - Date.parse(sync.snapshot.as_of), words));
  else parts.push(words.no_data);
  if (outbox.count > 0) parts.push(counted(words.waiting, outbox.count));
  if (Math.abs(sync.clock_ahead_ms) > WRONG_CLOCK_MS) parts.push(words.wrong_clock);
  return [parts.map(([zh]) => zh).join(" · "), parts.map(([, en]) => en).join(" · ")];
}

/**
 * @param {number} ms
 * @param {Words["page"]} words
 */
function age(ms, words) {
  if (ms < MINUTE_MS) return words.data_now;
  if (ms < HOUR_MS) return counted(words.data_minutes, Math.floor(ms / MINUTE_MS));
  return counted(words.data_hours, Math.floor(ms / HOUR_MS));
}

/**
 * @param {[string, string]} words with `%(count)s`.
 * @param {number} count
 * @returns {[string, string]}
 */
function counted([zh, en], count) {
  const put = (/** @type {string} */ said) => said.replace("%(count)s", String(count));
  return [put(zh), put(en)];
}

/** @param {string} said */
function english(said) {
  const made = document.createElement("small");
  made.lang = "en";
  made.textContent = said;
  return made;
}
