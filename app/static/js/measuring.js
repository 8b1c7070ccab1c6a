// @ts-check
/** How long things take, for whoever measures the page: `performance.getEntriesByName`. */

/** Entries of one name; a page is open for a whole shift. */
const MOST = 500;

/** @type {Record<string, number>} */
const counts = {};

/**
 * Notes how long something took until now.
 * @param {"decode" | "decide"} name
 * @param {number} started `performance.now()` when it began.
 */
export function measured(name, started) {
  counts[name] = (counts[name] ?? 0) + 1;
  if (counts[name] % MOST === 0) performance.clearMeasures(name);
  performance.measure(name, { start: started });
}
