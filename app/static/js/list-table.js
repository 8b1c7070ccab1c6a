// @ts-check
/** The table in which a list is typed: its rows, its keys, and what is pasted into it. */

import { COLUMNS, carsOf, cellsOf } from "./pasted-cells.js";

/** @import { Car, Column, Names } from "./pasted-cells.js" */

/** Says `changed` after every change. */
export class ListTable extends EventTarget {
  /**
   * @param {HTMLTableSectionElement} body
   * @param {HTMLTemplateElement} template of a row.
   * @param {Names} names of columns, for what is pasted with its header.
   */
  constructor(body, template, names) {
    super();
    this.body = body;
    this.template = template;
    this.names = names;
    body.addEventListener("input", () => this.say());
    body.addEventListener("keydown", (event) => this.key(event));
    body.addEventListener("paste", (event) => this.paste(event));
    body.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("[data-act=remove]");
      if (button) this.remove(/** @type {HTMLTableRowElement} */ (button.closest("tr")));
    });
  }

  /** @returns {HTMLTableRowElement[]} */
  get rows() {
    return [...this.body.rows];
  }

  /** @returns {Car[]} the cars of rows in which anything stands. */
  get cars() {
    return this.rows.map(carOf).filter(isFilled);
  }

  /**
   * Adds a row at the end.
   * @param {Partial<Car>} [car]
   * @returns {HTMLTableRowElement}
   */
  add(car = {}) {
    const copy = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
    const row = /** @type {HTMLTableRowElement} */ (copy.querySelector("tr"));
    fill(row, car);
    this.body.append(row);
    row.cells[0].textContent = String(this.body.rows.length);
    return row;
  }

  /** @param {HTMLTableRowElement} row */
  remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    if (!this.rows.length) this.add();
    this.rows.forEach((one, at) => (one.cells[0].textContent = String(at + 1)));
    cell(/** @type {HTMLTableRowElement} */ (next ?? this.rows[0]), "plate").focus();
    this.say();
  }

  say() {
    this.dispatchEvent(new Event("changed"));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const input = event.target;
    // Enter and the arrows choose characters while Chinese is being typed.
    if (!(input instanceof HTMLInputElement) || event.isComposing) return;
    const row = /** @type {HTMLTableRowElement} */ (input.closest("tr"));
    const column = columnOf(input);
    const isLast = column === COLUMNS[COLUMNS.length - 1];
    /** @type {[number, Column] | undefined} */
    const way =
      event.key === "Enter" || (event.key === "Tab" && !event.shiftKey && isLast)
        ? [1, "plate"]
        : event.key === "ArrowDown"
          ? [1, column]
          : event.key === "ArrowUp"
            ? [-1, column]
            : undefined;
    if (!way) return;
    // From an empty last row Tab leads out of the table; Enter never sends the form.
    if (event.key === "Enter") event.preventDefault();
    const rows = this.rows;
    const at = rows.indexOf(row) + way[0];
    const adds = at === rows.length && event.key !== "ArrowDown" && isFilled(carOf(row));
    const target = adds ? this.add() : rows[at];
    if (!target) return;
    event.preventDefault();
    cell(target, way[1]).focus();
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    const input = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!(input instanceof HTMLInputElement) || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const cars = carsOf(cellsOf(text), this.names, columnOf(input));
    let row = /** @type {HTMLTableRowElement | null} */ (input.closest("tr"));
    for (const car of cars) {
      // A row in which something stands is never written over; what is pasted goes below it.
      while (row && isFilled(carOf(row))) row = /** @type {typeof row} */ (row.nextElementSibling);
      if (row) fill(row, car);
      else row = this.add(car);
    }
    cell(row ?? this.add(), "plate").focus();
    this.say();
  }
}

/**
 * Returns a row's field.
 * @param {HTMLTableRowElement} row
 * @param {Column} column
 * @returns {HTMLInputElement}
 */
export function cell(row, column) {
  return /** @type {HTMLInputElement} */ (row.querySelector(`[data-column=${column}]`));
}

/** @param {HTMLTableRowElement} row @returns {Car} */
export function carOf(row) {
  const [plate, household, owner, phone] = COLUMNS.map((column) => cell(row, column).value.trim());
  return { plate, household, owner, phone };
}

/** @param {Car} car */
export function isFilled(car) {
  return COLUMNS.some((column) => car[column]);
}

/** @param {HTMLTableRowElement} row @param {Partial<Car>} car */
function fill(row, car) {
  for (const column of COLUMNS) cell(row, column).value = car[column] ?? "";
}

/** @param {HTMLInputElement} input */
function columnOf(input) {
  return /** @type {Column} */ (input.dataset.column);
}
