// @ts-check
/** The gate page: camera or typed plate in, verdict out, pass recorded. */

import { NoCamera, Scanner, startCamera } from "./camera.js";
import { showVerdict } from "./verdict.js";

/** @import { Choice, Decision, Words } from "./verdict.js" */

const QUIET_MS = 5000;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const facts = byId("gate-facts").dataset;
const words = /** @type {Words} */ (JSON.parse(byId("gate-words").textContent ?? "{}"));
const video = /** @type {HTMLVideoElement} */ (byId("camera"));
const says = byId("camera-says");
const verdict = byId("verdict");

/** @type {Scanner | null} */
let scanner = null;
let lastText = "";
let lastAt = 0;

/** @param {string} key */
function trouble(key) {
  says.dataset.kind = "trouble";
  says.textContent = words.page[key].join(" · ");
}

/**
 * Posts fields to the server.
 * @param {string} address
 * @param {Record<string, string>} fields
 * @returns {Promise<any>} the answer, null when there is none
 */
async function send(address, fields) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": facts.csrf ?? "", Accept: "application/json" },
      body: new URLSearchParams(fields),
    });
    if (answer.status === 401 || answer.status === 400) byId("recorded").textContent = words.page.signed_out.join(" · ");
    return answer.ok ? await answer.json() : null;
  } catch {
    byId("recorded").textContent = words.page.no_network.join(" · ");
    return null;
  }
}

/** @returns {string} in or out */
function direction() {
  const chosen = /** @type {HTMLInputElement} */ (document.querySelector("[name=direction]:checked"));
  return chosen.value;
}

/** @param {Record<string, string>} asked `scanned` or `plate` */
async function decide(asked) {
  if (scanner) scanner.paused = true;
  const decision = /** @type {Decision | null} */ (await send(facts.decide ?? "", asked));
  if (decision) showVerdict(verdict, decision, words, choices(decision, asked));
  else next();
}

/**
 * @param {Decision} decision
 * @param {Record<string, string>} asked
 * @returns {Choice[]} what the guard may do, the likeliest first
 */
function choices(decision, asked) {
  const record = (/** @type {boolean} */ through) => () => recordPass(asked, through);
  const away = { words: words.page.turn_away, kind: "", act: record(false) };
  const leave = { words: words.page.next, kind: "quiet", act: next };
  const way = direction() === "in" ? words.page.record_in : words.page.record_out;
  if (decision.verdict === "admit") {
    return [{ words: way, kind: "main", act: record(true) }, away, leave];
  }
  const checked = { words: words.page.admit_anyway, kind: "", act: record(true) };
  return decision.verdict === "check"
    ? [{ ...checked, kind: "main" }, away, leave]
    : [{ ...away, kind: "main" }, checked, leave];
}

/** @param {Record<string, string>} asked @param {boolean} through */
async function recordPass(asked, through) {
  const done = await send(facts.passes ?? "", {
    ...asked,
    gate: facts.gate ?? "",
    direction: direction(),
    let_through: through ? "yes" : "no",
  });
  if (done) {
    const time = new Date(done.at).toLocaleTimeString("zh-CN", { hour12: false });
    byId("recorded").textContent = `${words.page.recorded.join(" · ")} ${time}`;
  }
  next();
}

function next() {
  lastAt = Date.now();
  verdict.hidden = true;
  /** @type {HTMLFormElement} */ (byId("typed")).reset();
  if (scanner) scanner.paused = false;
}

/** @param {string} text */
function scanned(text) {
  if (text === lastText && Date.now() - lastAt < QUIET_MS) return;
  lastText = text;
  navigator.vibrate?.(60);
  decide({ scanned: text });
}

byId("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  const plate = /** @type {HTMLInputElement} */ (byId("plate")).value;
  if (plate.trim()) decide({ plate });
});

document.getElementById("gate-choice")?.addEventListener("change", (event) => {
  /** @type {HTMLSelectElement} */ (event.target).form?.submit();
});

startCamera(video).then(
  () => {
    scanner = new Scanner(video, facts.worker ?? "", scanned);
  },
  (error) => trouble(error instanceof NoCamera ? error.message : "no_camera"),
);
