// @ts-check
/** A list that is being typed, kept in this tab until it was handed over. */

/** @import { Car } from "./pasted-cells.js" */

const PLACE = "typed-list";
const SENT = "typed-list-sent";

/**
 * Returns the cars that were being typed, none where there is no draft.
 * @returns {Car[]}
 */
export function keptCars() {
  sessionStorage.removeItem(SENT);
  return JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
}

/** @param {Car[]} cars */
export function keepCars(cars) {
  if (cars.length) sessionStorage.setItem(PLACE, JSON.stringify(cars));
  else sessionStorage.removeItem(PLACE);
}

/** Says that the draft is on its way: the page of the list that comes of it drops it. */
export function sendDraft() {
  sessionStorage.setItem(SENT, "yes");
}

/** Drops the draft, if it arrived. */
export function dropSentDraft() {
  if (sessionStorage.getItem(SENT)) dropDraft();
}

/** Drops the draft: names and numbers of neighbours stay no longer than they must. */
export function dropDraft() {
  sessionStorage.removeItem(PLACE);
  sessionStorage.removeItem(SENT);
}
