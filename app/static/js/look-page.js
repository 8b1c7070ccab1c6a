// @ts-check
/** The neighbours' look-up: the gate's keys for the plate, its camera for the permit's symbol. */

import { Keypad } from "./keypad.js";
import { startReading } from "./reading.js";
import { mountZoneMap } from "./zone-map.js";

/** @import { Words } from "./verdict.js" */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const words = /** @type {Words["page"]} */ (JSON.parse(byId("page-words").textContent ?? "{}"));
const facts = byId("page-facts").dataset;
const form = /** @type {HTMLFormElement} */ (byId("look-form"));
const plate = /** @type {HTMLInputElement} */ (byId("plate"));
const symbol = /** @type {HTMLInputElement} */ (byId("scanned"));
const scanIt = byId("scan-it");

mountZoneMap(form);

const typed = plate.value;
const keypad = new Keypad(byId("keypad"), plate, { province: facts.province ?? "", words });
if (typed) keypad.write(typed);

/** Asks for the scanned symbol, as soon as there is a zone, too. */
function ask() {
  // Past the keys, which wait for a plate.
  if (form.querySelector("[name=zone]:checked")) form.submit();
  else byId("zone").scrollIntoView();
}

form.addEventListener("change", () => {
  if (symbol.value) ask();
});

scanIt.hidden = false;
scanIt.addEventListener("click", () => {
  scanIt.hidden = true;
  byId("scan").hidden = false;
  const seen = (/** @type {string} */ text) => {
    scanner.paused = true;
    symbol.value = text;
    ask();
  };
  const scanner = startReading({ words, worker: facts.worker ?? "", seen, scanned: seen });
});
