// @ts-check
/** Cells copied from a spreadsheet, and what each column of them is. */

import { parse } from "./plates.js";

/** @typedef {"plate" | "household" | "owner" | "phone"} Column */
/** @typedef {Record<Column, string>} Car */
/** @typedef {Record<string, string[]>} Names by what a column holds: the names of its header. */

/** @type {readonly Column[]} */
export const COLUMNS = ["plate", "household", "owner", "phone"];

const PARTS = ["building", "unit", "room"];
const BETWEEN_PLATES = /[、，,;；/\n]+/;
const PHONE = /^\+?[\d\s-]{7,20}$/;
const NAME = /^[\p{Script=Han}·]{2,8}$/u;

/**
 * Returns the cells of a text that a spreadsheet gave: tabs between cells, quotes around one that
 * holds a tab, a line break or a quote.
 * @param {string} text
 * @returns {string[][]}
 */
export function cellsOf(text) {
  const cell = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
  /** @type {string[][]} */
  const rows = [[]];
  for (;;) {
    const [, quoted, plain, end] = cell.exec(text) ?? [];
    const value = quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"');
    rows[rows.length - 1].push(value.trim());
    if (!end) break;
    if (end !== "\t") rows.push([]);
  }
  return rows.filter((row) => row.some(Boolean));
}

/**
 * Returns the cars that pasted cells name: by their header, by what stands in them, and where
 * neither says it, in the order of the table from the column into which they were pasted.
 * @param {string[][]} cells
 * @param {Names} names
 * @param {Column} first
 * @returns {Car[]}
 */
export function carsOf(cells, names, first) {
  const header = cells.findIndex((row) => isHeader(row, names));
  const data = cells.slice(header + 1);
  const columns = header < 0 ? guessed(data) : cells[header].map((name) => columnNamed(name, names));
  const known = columns.includes("plate") ? columns : COLUMNS.slice(COLUMNS.indexOf(first));
  return data.flatMap((row) => {
    const at = (/** @type {string} */ column) => row[known.indexOf(column)] ?? "";
    const parts = PARTS.map(at).filter(Boolean).join("-");
    const car = { household: parts || at("household"), owner: at("owner"), phone: at("phone") };
    return platesIn(at("plate")).map((plate) => ({ plate, ...car }));
  });
}

/** @param {string} text @returns {string[]} one text where it does not name several plates. */
function platesIn(text) {
  const parts = text.split(BETWEEN_PLATES).map((part) => part.trim()).filter(Boolean);
  return parts.length > 1 && parts.every(parse) ? parts : [text];
}

/** @param {string[]} row @param {Names} names */
function isHeader(row, names) {
  return row.some((cell) => columnNamed(cell, names) === "plate") && !row.some((cell) => parse(cell));
}

/** @param {string} name @param {Names} names @returns {string} empty where it is none. */
function columnNamed(name, names) {
  const folded = name.normalize("NFKC").replace(/\(.*?\)|[\s:*]/g, "").toUpperCase();
  return Object.keys(names).find((column) => names[column].includes(folded)) ?? "";
}

/** @param {string[][]} rows @returns {string[]} what each column holds, as most of its cells say. */
function guessed(rows) {
  const width = Math.max(0, ...rows.map((row) => row.length));
  /** @type {string[]} */
  const columns = Array.from({ length: width }, () => "");
  /** @type {[string, (cell: string) => boolean][]} */
  const tests = [
    ["plate", (cell) => platesIn(cell).every(parse)],
    ["phone", (cell) => PHONE.test(cell)],
    ["owner", (cell) => NAME.test(cell)],
    ["household", (cell) => /\d/.test(cell)],
  ];
  for (const [column, fits] of tests) {
    const hits = columns.map((taken, at) => {
      const cells = rows.map((row) => row[at] ?? "").filter(Boolean);
      const fitting = cells.filter(fits).length;
      return taken || fitting * 2 <= cells.length ? 0 : fitting;
    });
    const best = Math.max(0, ...hits);
    if (best) columns[hits.indexOf(best)] = column;
  }
  return columns;
}
