// @ts-check
/**
 * The gate decision: the twin of `permits/gate.py`, for a phone without a network.
 *
 * Pure: facts come in as values, as the server sends them; no clock, no storage. Both are held to
 * `tests/vectors/gate.json`, and `docs/gate-decision.md` explains each reason.
 */

import { normalise, parse, SERVICE_KINDS } from "./plates.js";
import { TokenError, tokenFrom, verify } from "./token.js";

/** @typedef {import("./token.js").TokenFields} TokenFields */

/** @typedef {"admit" | "check" | "refuse"} Verdict */

/**
 * The verdict of each reason, from the gravest to the lightest; the gravest decides.
 */
export const VERDICT_OF = /** @type {const} */ ({
  malformed_token: "refuse",
  unknown_version: "refuse",
  unknown_key: "refuse",
  bad_signature: "refuse",
  other_community: "refuse",
  plate_invalid: "refuse",
  plate_mismatch: "refuse",
  revoked: "refuse",
  replaced: "refuse",
  expired: "refuse",
  not_yet_valid: "refuse",
  visitor_over: "refuse",
  plate_unknown: "refuse",
  permit_unknown: "check",
  permit_differs: "check",
  compound_unknown: "check",
  no_permit: "check",
  stale_data: "check",
  service_vehicle: "admit",
  visitor_ok: "admit",
  ok: "admit",
});

/** @typedef {keyof typeof VERDICT_OF} Reason */

const GRAVITY = /** @type {Reason[]} */ (Object.keys(VERDICT_OF));

/** Older facts no longer carry an `admit`. */
export const STALE_AFTER_S = 24 * 60 * 60;

/**
 * A zone that the plan in force opens to a colour: all day, or between two local times `HH:MM`.
 * A window whose end is not after its start crosses midnight.
 * @typedef {object} ZoneWindow
 * @property {string} zone
 * @property {string | null} starts
 * @property {string | null} ends
 */

/**
 * How a compound's permits look, and where they may park.
 * @typedef {object} CompoundSign
 * @property {number} number
 * @property {string} name
 * @property {string} name_en
 * @property {string} letter
 * @property {string} colour
 * @property {ZoneWindow[]} zones
 */

/**
 * What is known of one permit. Days are ISO dates, both included.
 * @typedef {object} Standing
 * @property {number} number
 * @property {string} serial
 * @property {string} plate
 * @property {number} compound
 * @property {string} state
 * @property {string} valid_from
 * @property {string} valid_to
 * @property {string | null} replaced_by
 */

/**
 * The facts that a decision rests on.
 * @typedef {object} Known
 * @property {number} community
 * @property {string} time_zone IANA name.
 * @property {string} as_of ISO moment at which the facts were true.
 * @property {import("./token.js").PublicKeys} public_keys
 * @property {Record<string, CompoundSign>} compounds by number.
 * @property {Record<string, Standing>} permits by number.
 * @property {Record<string, {compound: number, permit: number | null}>} registrations by canonical
 *   plate: its compound, and the number of its latest permit where it has one.
 * @property {number | null} plan_number
 */

/**
 * What the guard is shown; see `permits.gate.Decision`.
 * @typedef {object} Decision
 * @property {Verdict} verdict
 * @property {Reason[]} reasons at least one, the gravest first.
 * @property {CompoundSign | null} sign
 * @property {ZoneWindow[]} zones
 * @property {string[]} open_now
 * @property {string | null} plate
 * @property {string | null} serial
 * @property {string | null} valid_from
 * @property {string | null} valid_to
 * @property {string | null} replaced_by
 * @property {number | null} permit_number
 * @property {number | null} plan_number
 * @property {number} data_age_s
 */

/**
 * What is known of the car beside the reasons.
 * @typedef {object} Car
 * @property {number} [compound]
 * @property {string} [plate]
 * @property {Standing} [standing]
 * @property {[string, string]} [days]
 */

/**
 * Returns the decision on a scanned token, a typed plate, or both. Never throws for what is
 * scanned or typed, and never admits a token that is not genuine.
 * @param {object} question
 * @param {Date} question.at the moment at the gate.
 * @param {Known} question.known
 * @param {string | null} [question.scanned] the text of the symbol.
 * @param {string | null} [question.plate] as typed; with a token it must be the token's.
 * @returns {Promise<Decision>}
 */
export async function decide({ at, known, scanned = null, plate = null }) {
  if (scanned !== null) return decideToken(scanned, plate ?? "", at, known);
  return decidePlate(plate ?? "", at, known);
}

/**
 * @param {string} scanned
 * @param {string} typed
 * @param {Date} at
 * @param {Known} known
 * @returns {Promise<Decision>}
 */
async function decideToken(scanned, typed, at, known) {
  /** @type {TokenFields} */
  let fields;
  try {
    const token = tokenFrom(scanned);
    if (token === null) throw new TokenError("malformed_token");
    fields = await verify(token, known.public_keys);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    return decision([error.code], at, known);
  }
  if (fields.community !== known.community) {
    return decision(["other_community"], at, known, { plate: fields.plate });
  }
  let reasons = overDays(fields.first_day, fields.last_day, at, known);
  /** @type {Standing | undefined} */
  let standing;
  /** @type {Reason} */
  let fine = "ok";
  if (fields.kind === "visitor_pass") {
    // A visitor pass is good by its signature and its days; no register knows its number.
    fine = "visitor_ok";
    reasons = reasons.map((one) => (one === "expired" ? "visitor_over" : one));
  } else {
    standing = known.permits[fields.number];
    reasons.push(...register(fields, standing));
  }
  if (normalise(typed) !== "") reasons.push(...comparison(typed, fields.plate));
  return decision(reasons.length > 0 ? reasons : [fine], at, known, {
    compound: fields.compound,
    plate: fields.plate,
    standing,
    days: [fields.first_day, fields.last_day],
  });
}

/**
 * Returns what the register holds against a genuine token.
 * @param {TokenFields} fields
 * @param {Standing | undefined} standing
 * @returns {Reason[]}
 */
function register(fields, standing) {
  if (standing === undefined) return ["permit_unknown"];
  const reasons = ended(standing);
  if (
    standing.plate !== fields.plate ||
    standing.compound !== fields.compound ||
    standing.valid_from !== fields.first_day ||
    standing.valid_to !== fields.last_day
  ) {
    reasons.push("permit_differs");
  }
  return reasons;
}

/**
 * Returns what a plate read off the car holds against the token's plate.
 * @param {string} typed
 * @param {string} plate
 * @returns {Reason[]}
 */
function comparison(typed, plate) {
  const parsed = parse(typed);
  if (parsed === null) return ["plate_invalid"];
  return parsed.text === plate ? [] : ["plate_mismatch"];
}

/**
 * @param {string} typed
 * @param {Date} at
 * @param {Known} known
 * @returns {Decision}
 */
function decidePlate(typed, at, known) {
  const parsed = parse(typed);
  if (parsed === null) return decision(["plate_invalid"], at, known);
  const plate = parsed.text;
  if (SERVICE_KINDS.includes(parsed.kind)) {
    // They pass whatever the register says: a fire engine does not wait for its papers.
    return decision(["service_vehicle"], at, known, { plate });
  }
  const registration = known.registrations[plate];
  if (registration === undefined) return decision(["plate_unknown"], at, known, { plate });
  const standing = registration.permit === null ? undefined : known.permits[registration.permit];
  if (standing === undefined) {
    return decision(["no_permit"], at, known, { compound: registration.compound, plate });
  }
  const reasons = [
    ...ended(standing),
    ...overDays(standing.valid_from, standing.valid_to, at, known),
  ];
  return decision(reasons.length > 0 ? reasons : ["ok"], at, known, {
    compound: standing.compound,
    plate,
    standing,
    days: [standing.valid_from, standing.valid_to],
  });
}

/**
 * @param {Standing} standing
 * @returns {Reason[]}
 */
function ended({ state }) {
  return state === "revoked" || state === "replaced" || state === "expired" ? [state] : [];
}

/**
 * @param {string} first
 * @param {string} last
 * @param {Date} at
 * @param {Known} known
 * @returns {Reason[]}
 */
function overDays(first, last, at, known) {
  const { day } = local(at, known.time_zone);
  if (day < first) return ["not_yet_valid"];
  return day > last ? ["expired"] : [];
}

/**
 * @param {Reason[]} found
 * @param {Date} at
 * @param {Known} known
 * @param {Car} [car]
 * @returns {Decision}
 */
function decision(found, at, known, { compound, plate, standing, days } = {}) {
  const sign = compound === undefined ? undefined : known.compounds[compound];
  const reasons = new Set(found);
  if (compound !== undefined && sign === undefined) {
    for (const one of found) if (VERDICT_OF[one] === "admit") reasons.delete(one);
    reasons.add("compound_unknown");
  }
  const ageS = Math.max((at.getTime() - Date.parse(known.as_of)) / 1000, 0);
  // Written so that facts of no readable age are stale too.
  if ((reasons.has("ok") || reasons.has("visitor_ok")) && !(ageS <= STALE_AFTER_S)) {
    reasons.add("stale_data");
  }
  const ordered = GRAVITY.filter((reason) => reasons.has(reason));
  const { time } = local(at, known.time_zone);
  const zones = sign?.zones ?? [];
  const open = zones.filter((window) => isOpen(window, time)).map((window) => window.zone);
  return {
    verdict: VERDICT_OF[ordered[0]],
    reasons: ordered,
    sign: sign ?? null,
    zones,
    open_now: [...new Set(open)],
    plate: plate ?? null,
    serial: standing?.serial ?? null,
    valid_from: days?.[0] ?? null,
    valid_to: days?.[1] ?? null,
    replaced_by: standing?.replaced_by ?? null,
    permit_number: standing?.number ?? null,
    plan_number: known.plan_number,
    data_age_s: ageS,
  };
}

/**
 * Returns whether a zone is open at a local time of day. `HH:MM` and `HH:MM:SS` compare as text.
 * @param {ZoneWindow} window
 * @param {string} time
 * @returns {boolean}
 */
function isOpen({ starts, ends }, time) {
  if (starts === null || ends === null) return true;
  return starts < ends ? starts <= time && time < ends : time >= starts || time < ends;
}

/**
 * Returns the calendar day `YYYY-MM-DD` and the time of day `HH:MM:SS` in a time zone.
 * @param {Date} at
 * @param {string} timeZone
 * @returns {{day: string, time: string}}
 */
function local(at, timeZone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const digits = {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  };
  /** @type {Partial<Record<Intl.DateTimeFormatPartTypes, string>>} */
  const part = {};
  for (const { type, value } of new Intl.DateTimeFormat("en", digits).formatToParts(at)) {
    part[type] = value;
  }
  return {
    day: `${part.year}-${part.month}-${part.day}`,
    time: `${part.hour}:${part.minute}:${part.second}`,
  };
}
