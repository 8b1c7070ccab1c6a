// @ts-check
/**
 * Patrol: does a parked car belong in the zone where it stands? The twin of `permits/patrol.py`;
 * `tests/vectors/patrol.json` holds both to one table.
 */

import { isOpen } from "./decide.js";

/** @typedef {"belongs_here" | "belongs_elsewhere" | "visitor" | "unknown"} Finding */

/** What a patrol finds of a parked car. @type {readonly Finding[]} */
export const FINDINGS = ["belongs_here", "belongs_elsewhere", "visitor", "unknown"];

/** Reasons to look twice at a gate, but not at a parked car: its plate is there to be compared. */
const NO_MATTER = ["stale_data", "plate_completed"];

/**
 * Returns what a gate decision means for a car that is parked in a zone, and the codes of the
 * zones that are open to it now. A permit in force belongs in the zones open to its colour, also by
 * facts too old for the gate, or of a plate typed without its province; police, rescue and armed
 * forces belong wherever they stand.
 * @param {Pick<import("./decide.js").Decision, "reasons" | "zones">} decision on the car's symbol
 *   or plate.
 * @param {string} zone code of the zone where it stands.
 * @param {string} time the local time of day, `HH:MM` or `HH:MM:SS`.
 * @returns {{finding: Finding, zones: string[]}}
 */
export function find(decision, zone, time) {
  const open = decision.zones.filter((window) => isOpen(window, time)).map((one) => one.zone);
  const zones = [...new Set(open)];
  // Any other reason means that the permit is not good for this car.
  const reasons = decision.reasons.filter((reason) => !NO_MATTER.includes(reason));
  const reason = reasons.length === 1 ? reasons[0] : null;
  if (reason === "service_vehicle") return { finding: "belongs_here", zones: [] };
  if (reason === "visitor_ok") return { finding: "visitor", zones };
  if (reason !== "ok") return { finding: "unknown", zones: [] };
  return { finding: zones.includes(zone) ? "belongs_here" : "belongs_elsewhere", zones };
}
