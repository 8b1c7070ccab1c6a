// @ts-check
/** Typing a list: each plate is checked as it is written, and the draft outlives a reload. */

import { dropDraft, keepCars, keptCars, sendDraft } from "./list-draft.js";
import { ListTable, carOf, cell, isFilled } from "./list-table.js";
import { PlateCheck } from "./plate-check.js";
import { normalise, parse, shown } from "./plates.js";
import { Server } from "./server.js";

const EMPTY_ROWS = 3;
/** A shorter text is no plate yet: nobody is told so while writing it. */
const SHORTEST_PLATE = 7;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const { names, words, check } = JSON.parse(byId("list-given").textContent ?? "{}");
const form = /** @type {HTMLFormElement} */ (byId("typed-list"));
const text = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
const token = /** @type {HTMLInputElement} */ (form.elements.namedItem("csrf_token"));
const body = /** @type {HTMLTableSectionElement} */ (form.querySelector("tbody"));
const template = /** @type {HTMLTemplateElement} */ (byId("typed-row"));
const table = new ListTable(body, template, names);
const faults = new PlateCheck(new Server(token?.value ?? ""), check);

/** @param {string} sentence @param {string | number} value */
const put = (sentence, value) => sentence.replace("%s", String(value));

/**
 * Writes beside a plate what is known of it.
 * @param {HTMLTableRowElement} row
 * @param {Map<string, number>} seen the rows of the plates above, from 1.
 * @param {number} number
 * @returns {"good" | "bad" | "twice" | "none"}
 */
function mark(row, seen, number) {
  const input = cell(row, "plate");
  const typed = input.value.trim();
  const plate = parse(typed);
  const said = /** @type {HTMLElement} */ (row.querySelector("[data-said]"));
  const first = plate ? seen.get(plate.text) : undefined;
  if (plate && first === undefined) seen.set(plate.text, number);
  const isShort = normalise(typed).length < SHORTEST_PLATE && document.activeElement === input;
  const isMissing = !typed && isFilled(carOf(row)) && !row.contains(document.activeElement);
  const isWrong = Boolean(typed) && !plate && !isShort;
  const fault = isWrong ? faults.of(typed) : undefined;
  const now = first
    ? put(words.twice, first)
    : isWrong
      ? (fault?.words ?? words.no_plate)
      : isMissing
        ? words.missing
        : plate && shown(typed) !== typed
          ? shown(typed)
          : "";
  const isFaulty = isWrong || isMissing || first !== undefined;
  input.setAttribute("aria-invalid", String(isFaulty));
  said.classList.toggle("error", isFaulty);
  if (said.dataset.now !== now) {
    said.dataset.now = now;
    said.replaceChildren(now, ...(fault?.suggestion ? [suggestion(input, fault.suggestion)] : []));
  }
  if (first) return "twice";
  if (isWrong || isMissing) return "bad";
  return plate ? "good" : "none";
}

/** @param {HTMLInputElement} input @param {string} plate */
function suggestion(input, plate) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-side btn-sm";
  button.textContent = put(words.take, plate);
  button.addEventListener("click", () => {
    input.value = plate;
    input.focus();
    table.say();
  });
  return button;
}

function look() {
  const seen = new Map();
  const found = table.rows.map((row, at) => mark(row, seen, at + 1));
  const count = (/** @type {string} */ what) => found.filter((one) => one === what).length;
  byId("typed-counts").textContent = [
    put(words.good, count("good")),
    count("bad") ? put(words.bad, count("bad")) : "",
    count("twice") ? put(words.twice_count, count("twice")) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** The list as pasted text: the header's names are those by which the server knows its columns. */
function asText() {
  const lines = table.cars.map((car) => [car.plate, car.household, car.owner, car.phone]);
  return [words.header, ...lines].map((line) => line.map(oneLine).join("\t")).join("\n");
}

/** @param {string} value */
const oneLine = (value) => value.replaceAll(/\s+/g, " ");

table.addEventListener("changed", () => {
  keepCars(table.cars);
  look();
});
body.addEventListener("focusout", () => requestAnimationFrame(look));
faults.addEventListener("checked", look);

byId("add-row").addEventListener("click", () => cell(table.add(), "plate").focus());
byId("start-afresh").addEventListener("click", () => {
  dropDraft();
  body.replaceChildren();
  for (let rows = 0; rows < EMPTY_ROWS; rows += 1) table.add();
  byId("draft-kept").hidden = true;
  look();
});

form.addEventListener("submit", () => {
  text.value = table.cars.length ? asText() : "";
  sendDraft();
});

const kept = keptCars();
for (const car of kept) table.add(car);
while (table.rows.length < EMPTY_ROWS) table.add();
byId("draft-kept").hidden = kept.length === 0;
byId("typed-table").hidden = false;
look();
