// @ts-check
/** What can follow in a plate that is being typed, by the forms of `plates.js` alone. Pure. */

import { FORMS, normalise, parse, PROVINCES } from "./plates.js";

const LETTERS_AND_DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";

/** Keys for the first place. WJ and the military's letters are among the letters. */
export const FIRST_KEYS = [...PROVINCES, "使", "民航"];

/** Keys for all other places; digits come last, where a thumb is. */
export const OTHER_KEYS = [...LETTERS_AND_DIGITS];

/** Keys that end a plate. */
export const SUFFIX_KEYS = ["警", "学", "挂", "领", "港", "澳", "临", "应急", "使"];

const KEYS = [...new Set([...FIRST_KEYS, ...OTHER_KEYS, ...SUFFIX_KEYS])];

/** What each place of each form may hold; a form of two lengths stands here twice. */
const SEQUENCES = Object.values(FORMS).flatMap((form) => form.split("|").flatMap(sequences));

/**
 * Returns the keys that can follow a text on its way to a plate.
 * @param {string} text canonical so far.
 * @returns {Set<string>} empty where no plate begins so, and where none goes on.
 */
export function nextKeys(text) {
  const begun = SEQUENCES.filter((places) => places.length > text.length && fits(places, text));
  return new Set(KEYS.filter((key) => begun.some((places) => fits(places, text + key))));
}

/** Characters that are mistaken for each other on a wet plate or a worn card. */
const ALIKE = ["0OQD", "1I7", "2Z", "5S", "8B"];

/** Characters before anything is suggested. */
const FEWEST = 3;

/**
 * Returns the plates that may be meant by a text: the one that it is, or becomes with the local
 * province before it, and those that differ from it in one character that looks alike.
 * @param {string} typed
 * @param {string} province the local one.
 * @returns {string[]} whole plates only: no plate is ever guessed from a part of it.
 */
export function meant(typed, province) {
  const text = normalise(typed);
  if (text.length < FEWEST) return [];
  const candidates = [text, province + text].flatMap((one) => [one, ...slips(one)]);
  return [...new Set(candidates)].filter((one) => parse(one));
}

/** @param {string} text @returns {string[]} */
function slips(text) {
  return [...text].flatMap((character, place) =>
    ALIKE.filter((group) => group.includes(character)).flatMap((group) =>
      [...group].map((other) => text.slice(0, place) + other + text.slice(place + 1)),
    ),
  );
}

/** @param {string[]} places @param {string} text */
function fits(places, text) {
  return text.length <= places.length && [...text].every((one, place) => places[place].includes(one));
}

/**
 * Reads one alternative of a form: characters and classes, each with `?`, `{n}` or `{n,m}`.
 * @param {string} form
 * @returns {string[][]} every length that it allows.
 */
function sequences(form) {
  const parts = form.matchAll(/(?:\[([^\]]+)\]|(.))(?:(\?)|\{(\d)(?:,(\d))?\})?/gu);
  /** @type {string[][]} */
  let all = [[]];
  for (const [, within, single, optional, least, most] of parts) {
    const allowed = within ? spelt(within) : single;
    const from = optional ? 0 : Number(least ?? 1);
    const to = optional ? 1 : Number(most ?? least ?? 1);
    const times = Array.from({ length: to - from + 1 }, (_, more) => from + more);
    all = all.flatMap((before) =>
      times.map((count) => [...before, ...Array(count).fill(allowed)]),
    );
  }
  return all;
}

/** Spells the ranges of a class out. @param {string} within @returns {string} */
function spelt(within) {
  return within.replace(/(.)-(.)/gu, (_, first, last) => {
    const from = first.charCodeAt(0);
    return Array.from({ length: last.charCodeAt(0) - from + 1 }, (__, more) =>
      String.fromCharCode(from + more),
    ).join("");
  });
}
