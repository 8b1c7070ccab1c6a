// @ts-check
/**
 * What a phone knows of one question: its snapshot as the facts that `decide.js` rests on.
 *
 * A permit's standing comes from its own token, which proves itself, unless it ended early; a typed
 * plate's from the table of hashes.
 */

import { completed, decide, local } from "./decide.js";
import { measured } from "./measuring.js";
import { parse } from "./plates.js";
import { find, hashAt, hashOf, merged } from "./plate-table.js";
import { serial } from "./serials.js";
import { read, TokenError, tokenFrom } from "./token.js";

/**
 * @import { CompoundSign, Decision, Known, Standing, Visit } from "./decide.js"
 * @import { TokenFields } from "./token.js"
 */

/**
 * A plan and the first day that it counts, an ISO date; its number is null where there is none.
 * @typedef {{number: number | null, first_day: string,
 *   compounds: Record<string, CompoundSign>}} Plan
 */

/**
 * How a permit ended, the serial that took its place, and the moment where that is to come.
 * @typedef {[string, string | null, string?]} End
 */

/**
 * What every answer to `GET /gate/sync` says as it stands now.
 * @typedef {object} Present
 * @property {number} cursor number of the ledger's last entry.
 * @property {string} as_of ISO moment by the server's clock.
 * @property {string} csrf
 * @property {number} guard
 * @property {number} [fire_lanes] reports of blocked fire lanes that nobody has answered.
 * @property {number} community
 * @property {string} time_zone
 * @property {string} province
 * @property {import("./token.js").PublicKeys} public_keys
 * @property {Plan[]} plans the one in force, then those that begin later.
 * @property {{code: string, name: string, name_en: string, spaces: number}[]} zones
 * @property {{id: number, code: string, name: string, name_en: string}[]} gates
 * @property {string} salt hex
 * @property {(Visit & {plate_hash: string})[]} visits
 * @property {[number, string, string][]} [suspended] permit number and the moments from which and
 *   until which it is suspended; a phone's data from before there were any lacks it.
 */

/**
 * The answer to `GET /gate/sync`: all, or what changed since the cursor that was sent.
 * @typedef {Present & {full: boolean, ended: [number, ...End][], plates: string,
 *   gone: string}} SyncAnswer
 */

/**
 * What a phone keeps of it.
 * @typedef {Present & {ended: Record<number, End>, plates: Uint8Array}} Snapshot
 */

const DAY_ZERO = "2020-01-01";
const DAY_ZERO_MS = Date.parse(DAY_ZERO);
const DAY_MS = 86_400_000;

/**
 * Returns the snapshot after an answer of the server.
 * @param {Snapshot | null} before what a partial answer builds on.
 * @param {SyncAnswer} answer
 * @returns {Snapshot}
 */
export function folded(before, { full, ended, plates, gone, ...present }) {
  const base = full ? null : before;
  const ends = Object.fromEntries(ended.map(([number, ...end]) => [number, end]));
  return {
    ...present,
    ended: { ...base?.ended, ...ends },
    plates: merged(base?.plates ?? new Uint8Array(), bytesOf(plates), bytesOf(gone)),
  };
}

/**
 * Returns the decision on a question by a snapshot alone.
 * @param {Snapshot} snapshot
 * @param {{at: Date, scanned?: string | null, plate?: string | null}} question
 * @returns {Promise<Decision>}
 */
export async function decideBy(snapshot, question) {
  const started = performance.now();
  const decision = await decide({ ...question, known: await knownOf(snapshot, question) });
  measured("decide", started);
  return decision;
}

/**
 * Returns whether a compound has handed in a canonical plate.
 * @param {Snapshot} snapshot
 * @param {string} plate
 * @returns {Promise<boolean>}
 */
export async function isRegistered(snapshot, plate) {
  return find(snapshot.plates, await hashOf(saltOf(snapshot), plate)) !== null;
}

/**
 * Returns what a snapshot knows of one question.
 * @param {Snapshot} snapshot
 * @param {{at: Date, scanned?: string | null, plate?: string | null}} question
 * @returns {Promise<Known>}
 */
export async function knownOf(snapshot, { at, scanned = null, plate = null }) {
  const plan = planOn(snapshot, local(at, snapshot.time_zone).day);
  /** @type {Known} */
  const known = {
    community: snapshot.community,
    time_zone: snapshot.time_zone,
    province: snapshot.province,
    as_of: snapshot.as_of,
    public_keys: snapshot.public_keys,
    compounds: plan.compounds,
    plan_number: plan.number,
    permits: {},
    registrations: {},
    visits: snapshot.visits,
  };
  if (scanned !== null) addPermit(snapshot, known, scanned, at);
  else await addPlate(snapshot, known, plate ?? "", at);
  return known;
}

/**
 * @param {Snapshot} snapshot
 * @param {string} day
 * @returns {Plan}
 */
function planOn({ plans }, day) {
  const begun = plans.filter(({ first_day }) => first_day <= day);
  return begun.at(-1) ?? { number: null, first_day: DAY_ZERO, compounds: {} };
}

/**
 * Adds the permit that a symbol claims to be; `decide` will ask for the signature.
 * @param {Snapshot} snapshot
 * @param {Known} known
 * @param {string} scanned
 * @param {Date} at
 */
function addPermit(snapshot, known, scanned, at) {
  const fields = claimed(scanned);
  if (fields?.kind !== "permit") return;
  const { number, compound, plate, first_day, last_day } = fields;
  known.permits[number] = {
    ...standing(snapshot, known, number, compound, at),
    plate,
    valid_from: first_day,
    valid_to: last_day,
  };
}

/**
 * @param {string} scanned
 * @returns {TokenFields | null}
 */
function claimed(scanned) {
  const token = tokenFrom(scanned);
  if (token === null) return null;
  try {
    return read(token).fields;
  } catch (error) {
    if (error instanceof TokenError) return null;
    throw error;
  }
}

/**
 * @param {Snapshot} snapshot
 * @param {Known} known
 * @param {number} number
 * @param {number} compound
 * @param {Date} at
 * @returns {Omit<Standing, "plate" | "valid_from" | "valid_to">}
 */
function standing({ ended, suspended = [] }, { compounds }, number, compound, at) {
  const [, , from = 0] = ended[number] ?? [];
  const end = new Date(from) <= at ? ended[number] : null;
  const [state, replaced_by] = end ?? ["handed_over", null];
  const [, suspended_from = null, suspended_until = null] =
    suspended.find(([one]) => one === number) ?? [];
  const letter = compounds[compound]?.letter;
  return {
    number,
    serial: letter ? serial(letter, number) : "",
    compound,
    state,
    replaced_by,
    suspended_from,
    suspended_until,
  };
}

/**
 * Adds what the table and the visits say of a typed plate.
 * @param {Snapshot} snapshot
 * @param {Known} known
 * @param {string} typed
 * @param {Date} at
 */
async function addPlate(snapshot, known, typed, at) {
  const parsed = parse(typed);
  if (parsed === null) return;
  const salt = saltOf(snapshot);
  const plates = [parsed.text, completed(parsed, snapshot.province)].filter((one) => one !== null);
  /** @type {Map<number, string>} */
  const byHash = new Map();
  for (const plate of plates) {
    const hash = await hashOf(salt, plate);
    byHash.set(hash, plate);
    addRegistration(snapshot, known, plate, hash, at);
  }
  known.visits = snapshot.visits.map((visit) => ({
    ...visit,
    plate: byHash.get(hashAt(bytesOfHex(visit.plate_hash), 0)) ?? null,
  }));
}

/**
 * @param {Snapshot} snapshot
 * @param {Known} known
 * @param {string} plate
 * @param {number} hash
 * @param {Date} at
 */
function addRegistration(snapshot, known, plate, hash, at) {
  const record = find(snapshot.plates, hash);
  if (record === null) return;
  const { compound, permit, last_day, not_yet_valid } = record;
  known.registrations[plate] = { compound, permit };
  if (permit === null) return;
  known.permits[permit] = {
    ...standing(snapshot, known, permit, compound, at),
    plate,
    // The table says of a first day only whether it is to come.
    valid_from: not_yet_valid ? dayAfter(local(at, snapshot.time_zone).day) : DAY_ZERO,
    valid_to: new Date(DAY_ZERO_MS + last_day * DAY_MS).toISOString().slice(0, 10),
  };
}

/**
 * @param {string} day
 * @returns {string}
 */
function dayAfter(day) {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}

/** @param {Snapshot} snapshot */
function saltOf({ salt }) {
  return bytesOfHex(salt);
}

/**
 * @param {string} base64
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * @param {string} hex
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOfHex(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
