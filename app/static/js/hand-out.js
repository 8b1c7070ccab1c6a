// @ts-check
/** Handing permits out: what the camera or a hand scanner reads is sent as if it were typed. */

import { startReading } from "./reading.js";
import { Signals } from "./signals.js";

/** @import { Words } from "./verdict.js" */

/** The same symbol is no new permit before it was out of sight for so long. */
const QUIET_MS = 4000;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const words = /** @type {Words["page"]} */ (JSON.parse(byId("page-words").textContent ?? "{}"));
const form = /** @type {HTMLFormElement} */ (byId("hand-out-form"));
const box = /** @type {HTMLInputElement} */ (form.elements.namedItem("text"));
const scanIt = byId("scan-it");
const signals = new Signals();

let lastText = "";
let lastAt = 0;

/** @param {string} text */
function send(text) {
  const isRepeat = text === lastText && Date.now() - lastAt < QUIET_MS;
  lastText = text;
  lastAt = Date.now();
  if (isRepeat) return;
  box.value = text;
  form.requestSubmit();
}

document.body.addEventListener("htmx:afterSwap", () => {
  const answer = /** @type {HTMLElement | null} */ (document.querySelector("[data-answer]"));
  if (answer) signals.give(answer.dataset.answer === "done" ? "admit" : "refuse");
  form.reset();
  box.value = "";
  box.focus();
});

const start = () => {
  scanIt.hidden = true;
  byId("scan").hidden = false;
  startReading({ words, worker: byId("page-facts").dataset.worker ?? "", seen: send, scanned: send });
};

scanIt.hidden = false;
scanIt.addEventListener("click", start);
