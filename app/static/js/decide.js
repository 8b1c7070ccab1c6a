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
  suspended: "refuse",
  not_yet_valid: "refuse",
  visitor_over: "refuse",
  plate_unknown: "refuse",
  permit_unknown: "check",
  permit_differs: "check",
  compound_unknown: "check",
  plate_completed: "check",
  no_permit: "check",
  low_confidence: "check",
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
 * @property {string} [shape]
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
 * @property {string | null} [suspended_from] ISO moment.
 * @property {string | null} [suspended_until] ISO moment, not included.
 */

/**
 * What is known of one visit. It is over at `valid_to`, and once it is cancelled.
 * @typedef {object} Visit
 * @property {number} number
 * @property {string} kind
 * @property {number | null} compound the host's, null for a drop-off.
 * @property {string} valid_from ISO moment.
 * @property {string} valid_to ISO moment.
 * @property {boolean} cancelled
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
 * @property {string} [province] the local province's character, which people leave out.
 * @property {(Visit & {plate?: string | null})[]} [visits] those whose hours touch today or
 *   tomorrow, each with its canonical plate where that is known to be the one asked for.
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
 * @property {string | null} suspended_until the end of the suspension that refuses the permit.
 * @property {number | null} permit_number
 * @property {Visit | null} visit the visit that the decision rests on, with its hours.
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
 * @property {Visit} [visit]
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
  /** @type {Visit | undefined} */
  let visit;
  /** @type {Reason} */
  let fine = "ok";
  if (fields.kind === "visitor_pass") {
    fine = "visitor_ok";
    visit = (known.visits ?? []).find((one) => one.number === fields.number);
    reasons = reasons.map((one) => (one === "expired" ? "visitor_over" : one));
    if (visit !== undefined && visitReason(visit, at) !== fine) {
      reasons.push(visitReason(visit, at));
    }
  } else {
    standing = known.permits[fields.number];
    reasons.push(...register(fields, standing, at));
  }
  if (normalise(typed) !== "") {
    const compared = comparison(typed, fields.plate, known.province ?? "");
    if (compared.includes("plate_completed") && reasons.length === 0) reasons.push(fine);
    reasons.push(...compared);
  }
  return decision(reasons.length > 0 ? reasons : [fine], at, known, {
    compound: fields.compound,
    plate: fields.plate,
    standing,
    days: [fields.first_day, fields.last_day],
    visit,
  });
}

/**
 * Returns what the register holds against a genuine token.
 * @param {TokenFields} fields
 * @param {Standing | undefined} standing
 * @param {Date} at
 * @returns {Reason[]}
 */
function register(fields, standing, at) {
  if (standing === undefined) return ["permit_unknown"];
  const reasons = ended(standing, at);
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
 * @param {string} province
 * @returns {Reason[]}
 */
function comparison(typed, plate, province) {
  const parsed = parse(typed);
  if (parsed === null) return ["plate_invalid"];
  if (parsed.text === plate) return [];
  return [completed(parsed, province) === plate ? "plate_completed" : "plate_mismatch"];
}

/**
 * Returns the local plate that a typed military one may be meant for, its province left out:
 * `ED12345` is a military plate, and what is left of 粤ED12345 when nobody types the 粤.
 * @param {import("./plates.js").Plate} plate
 * @param {string} province
 * @returns {string | null}
 */
export function completed({ text, kind }, province) {
  return province !== "" && kind === "military" ? province + text : null;
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
  if (!SERVICE_KINDS.includes(parsed.kind)) return decideCanonical(parsed.text, at, known);
  const local = completed(parsed, known.province ?? "");
  if (local === null || known.registrations[local] === undefined) {
    // They pass whatever the register says: a fire engine does not wait for its papers.
    return decision(["service_vehicle"], at, known, { plate: parsed.text });
  }
  const decided = decideCanonical(local, at, known);
  const reasons = ordered([...decided.reasons, "plate_completed"]);
  return { ...decided, verdict: VERDICT_OF[reasons[0]], reasons };
}

/**
 * @param {string} plate
 * @param {Date} at
 * @param {Known} known
 * @returns {Decision}
 */
function decideCanonical(plate, at, known) {
  const byRegister = decideRegistered(plate, at, known);
  if (byRegister.reasons.includes("ok")) return byRegister;
  // Nobody gets around a suspension by a visit to the own compound.
  if (byRegister.reasons.includes("suspended")) return byRegister;
  const visits = (known.visits ?? []).filter((one) => one.plate === plate);
  const visit = telling(visits, at);
  if (visit === null) return byRegister;
  const reason = visitReason(visit, at);
  if (reason !== "visitor_ok" && !byRegister.reasons.includes("plate_unknown")) {
    // A visit that admits nobody says less than what the register has against a known car.
    return byRegister;
  }
  return decision([reason], at, known, { compound: visit.compound ?? undefined, plate, visit });
}

/**
 * Returns what a visit says of its car at a moment.
 * @param {Visit} visit
 * @param {Date} at
 * @returns {Reason}
 */
function visitReason({ valid_from, valid_to, cancelled }, at) {
  // Written so that hours that cannot be read admit nobody.
  if (cancelled || !(at.getTime() < Date.parse(valid_to))) return "visitor_over";
  return at.getTime() >= Date.parse(valid_from) ? "visitor_ok" : "not_yet_valid";
}

/**
 * Returns the visit that a plate is judged by: one that goes on, the longest; else the next that
 * begins; else the one that was over last.
 * @param {Visit[]} visits
 * @param {Date} at
 * @returns {Visit | null}
 */
function telling(visits, at) {
  /** @param {Reason} reason */
  const those = (reason) => visits.filter((one) => visitReason(one, at) === reason);
  /** @param {"valid_from" | "valid_to"} key */
  const inOrder = (key) => (/** @type {Visit} */ one, /** @type {Visit} */ other) =>
    Date.parse(one[key]) - Date.parse(other[key]) || one.number - other.number;
  const going = those("visitor_ok");
  const coming = those("not_yet_valid");
  if (coming.length > 0 && going.length === 0) return coming.sort(inOrder("valid_from"))[0];
  const rest = going.length > 0 ? going : those("visitor_over");
  return rest.sort(inOrder("valid_to")).at(-1) ?? null;
}

/**
 * Returns the decision on a canonical plate by the register alone.
 * @param {string} plate
 * @param {Date} at
 * @param {Known} known
 * @returns {Decision}
 */
function decideRegistered(plate, at, known) {
  const registration = known.registrations[plate];
  if (registration === undefined) return decision(["plate_unknown"], at, known, { plate });
  const standing = registration.permit === null ? undefined : known.permits[registration.permit];
  if (standing === undefined) {
    return decision(["no_permit"], at, known, { compound: registration.compound, plate });
  }
  const reasons = [
    ...ended(standing, at),
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
 * @param {Date} at
 * @returns {Reason[]}
 */
function ended(standing, at) {
  const { state } = standing;
  if (state === "revoked" || state === "replaced" || state === "expired") return [state];
  return suspendedUntil(standing, at) ? ["suspended"] : [];
}

/**
 * Returns until when a permit is suspended at a moment, null where it is not.
 * @param {Standing} standing
 * @param {Date} at
 * @returns {string | null}
 */
function suspendedUntil({ suspended_from: from, suspended_until: until }, at) {
  if (!from || !until) return null;
  // Written so that an end that cannot be read suspends.
  const isOn = Date.parse(from) <= at.getTime() && !(at.getTime() >= Date.parse(until));
  return isOn ? until : null;
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
function decision(found, at, known, { compound, plate, standing, days, visit } = {}) {
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
  const graded = ordered(reasons);
  const { time } = local(at, known.time_zone);
  const zones = sign?.zones ?? [];
  const open = zones.filter((window) => isOpen(window, time)).map((window) => window.zone);
  return {
    verdict: VERDICT_OF[graded[0]],
    reasons: graded,
    sign: sign ?? null,
    zones,
    open_now: [...new Set(open)],
    plate: plate ?? null,
    serial: standing?.serial ?? null,
    valid_from: days?.[0] ?? null,
    valid_to: days?.[1] ?? null,
    replaced_by: standing?.replaced_by ?? null,
    suspended_until: standing ? suspendedUntil(standing, at) : null,
    permit_number: standing?.number ?? null,
    visit: visit ? shownVisit(visit) : null,
    plan_number: known.plan_number,
    data_age_s: ageS,
  };
}

/**
 * Returns each reason once, the gravest first.
 * @param {Iterable<Reason>} reasons
 * @returns {Reason[]}
 */
function ordered(reasons) {
  const given = new Set(reasons);
  return GRAVITY.filter((reason) => given.has(reason));
}

/**
 * Returns a visit without its plate, which the decision has already.
 * @param {Visit} visit
 * @returns {Visit}
 */
function shownVisit({ number, kind, compound, valid_from, valid_to, cancelled }) {
  return { number, kind, compound, valid_from, valid_to, cancelled };
}

/**
 * Returns whether a zone is open at a local time of day. `HH:MM` and `HH:MM:SS` compare as text.
 * @param {ZoneWindow} window
 * @param {string} time
 * @returns {boolean}
 */
export function isOpen({ starts, ends }, time) {
  if (starts === null || ends === null) return true;
  return starts < ends ? starts <= time && time < ends : time >= starts || time < ends;
}

/**
 * Returns the calendar day `YYYY-MM-DD` and the time of day `HH:MM:SS` in a time zone.
 * @param {Date} at
 * @param {string} timeZone
 * @returns {{day: string, time: string}}
 */
export function local(at, timeZone) {
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
