// @ts-check
/** The patrol's page: each parked car is scanned or typed, and what is wrong becomes a report. */

import { local } from "./decide.js";
import { mountFireLanes } from "./fire-lanes.js";
import { Keypad } from "./keypad.js";
import { find } from "./patrol.js";
import { Phone } from "./phone.js";
import { parse } from "./plates.js";
import { startReading } from "./reading.js";
import { mountReportForm } from "./report-form.js";
import { keepAwake, Signals } from "./signals.js";
import { mountStateLine } from "./state-line.js";
import { mountTheme } from "./theme.js";
import { factsOf, writePlate } from "./verdict.js";

/**
 * @import { Asked } from "./phone.js"
 * @import { Decision } from "./decide.js"
 * @import { Finding } from "./patrol.js"
 * @import { DecisionFacts, Words } from "./verdict.js"
 */

const QUIET_MS = 5000;
const ZONE = "patrol-zone";

/** How a finding looks, sounds, and what it is likely reported as. */
const KINDS = {
  belongs_here: { sign: "tick", signal: "admit", report: "other" },
  belongs_elsewhere: { sign: "mark", signal: "check", report: "wrong_zone" },
  visitor: { sign: "tick", signal: "admit", report: "other" },
  unknown: { sign: "cross", signal: "refuse", report: "no_permit" },
};

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} selector */
const part = (selector) => /** @type {HTMLElement} */ (byId("finding").querySelector(selector));

const facts = byId("gate-facts").dataset;
const words = /** @type {Words} */ (JSON.parse(byId("gate-words").textContent ?? "{}"));
const zone = /** @type {HTMLSelectElement} */ (byId("zone"));
const form = /** @type {HTMLFormElement} */ (byId("typed"));
const plate = /** @type {HTMLInputElement} */ (byId("plate"));
const finding = byId("finding");

mountTheme(byId("gate-body"), null);
keepAwake();
const signals = new Signals();
const phone = await Phone.start(facts);
mountStateLine(phone, words.page);
mountFireLanes(phone.sync);

zone.value = sessionStorage.getItem(ZONE) ?? zone.value;
zone.addEventListener("change", () => sessionStorage.setItem(ZONE, zone.value));

/** @type {import("./report-form.js").Subject | null} */
let subject = null;
let lastText = "";
let lastAt = 0;
let lookedAt = 0;
let wrong = 0;

const scanner = startReading({
  words: words.page,
  worker: facts.worker ?? "",
  seen: (text) => {
    if (text === lastText && Date.now() - lastAt < QUIET_MS) return;
    look({ scanned: text });
  },
  scanned: (text) => look({ scanned: text }),
});

new Keypad(byId("keypad"), plate, {
  province: facts.province ?? "",
  words: words.page,
  matches: (one) => phone.isRegistered(one),
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  look({ plate: plate.value });
});

/** @param {Asked} asked */
async function look(asked) {
  scanner.paused = true;
  lastText = "scanned" in asked ? asked.scanned : "";
  const here = await phone.decide(asked);
  // A phone that has no data yet asks the server.
  const decision = here ? factsOf(here) : await phone.secondOpinion(asked);
  if (decision) show(decision, asked);
  else next(words.page.no_data);
}

/** @param {DecisionFacts} decision @param {Asked} asked */
function show(decision, asked) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const { time } = local(new Date(), phone.sync.snapshot?.time_zone ?? timeZone);
  const reasons = /** @type {Decision["reasons"]} */ (decision.reasons);
  const { finding: found, zones } = find({ reasons, zones: decision.windows }, zone.value, time);
  const { sign, signal, report } = KINDS[found];
  const shown = decision.plate_shown ?? ("plate" in asked ? asked.plate : "");
  byId("recorded").textContent = "";
  finding.dataset.finding = found;
  part(".verdict-sign").className = `verdict-sign ${sign}`;
  part("[data-word]").replaceChildren(...said(found, zones));
  writePlate(part("[data-plate]"), shown);
  showSign(decision);
  const reason = found === "unknown" ? words.reasons[decision.reasons[0]] : null;
  part("[data-reason]").textContent = reason ? reason.join(" · ") : "";
  subject = { zone: zone.value, plate: parse(shown)?.text ?? null, shown, kind: report };
  finding.hidden = false;
  const isWrong = signal !== "admit";
  const [likely, other] = isWrong ? ["#report-it", "#next-car"] : ["#next-car", "#report-it"];
  part(likely).classList.add("main");
  part(other).classList.remove("main");
  part(likely).focus();
  signals.give(signal);
  lookedAt += 1;
  wrong += isWrong ? 1 : 0;
  byId("looked-at").textContent = String(lookedAt);
  byId("found-wrong").textContent = String(wrong);
}

/** @param {Finding} found @param {string[]} zones @returns {(string | Node)[]} */
function said(found, zones) {
  const [zh, en] = words.page[found];
  const english = document.createElement("small");
  english.lang = "en";
  if (found !== "belongs_elsewhere") {
    english.textContent = en;
    return [zh, english];
  }
  const codes = zones.join(" ");
  english.textContent = codes ? `${en} ${codes}` : words.page.no_zone_now[1];
  return [codes ? `${zh} ${codes}` : words.page.no_zone_now[0], english];
}

/** @param {DecisionFacts} decision */
function showSign({ colour_key, letter, shape }) {
  const target = part("[data-sign]");
  target.hidden = !colour_key || !letter;
  if (!letter) return;
  target.className = `sign permit-${colour_key}`;
  const drawn = /** @type {HTMLTemplateElement} */ (document.getElementById(`shape-${shape}`));
  target.replaceChildren(letter, drawn.content.cloneNode(true));
}

/** @param {[string, string] | null} [say] */
function next(say = null) {
  lastAt = Date.now();
  finding.hidden = true;
  form.reset();
  scanner.paused = false;
  byId("recorded").textContent = say ? say.join(" · ") : "";
}

byId("next-car").addEventListener("click", () => next());

const openReport = mountReportForm(/** @type {HTMLDialogElement} */ (byId("report")), {
  words: words.page,
  add: (item) => phone.add({ kind: "report", ...item }),
  done: () => next(words.page.report_kept),
});
byId("report-it").addEventListener("click", () => {
  if (subject) openReport(subject);
});
