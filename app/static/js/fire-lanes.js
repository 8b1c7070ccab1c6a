// @ts-check
/** Blocked fire lanes, told at the top of the guard's pages as soon as the phone hears of them. */

/** @import { Sync } from "./sync.js" */

/**
 * Keeps the link to the reports true: there while a fire lane is blocked, with how many are.
 * @param {Sync} sync
 */
export function mountFireLanes(sync) {
  const link = /** @type {HTMLElement} */ (document.getElementById("fire-lanes"));
  const count = /** @type {HTMLElement} */ (link.querySelector("[data-count]"));
  const show = () => {
    const blocked = sync.snapshot?.fire_lanes ?? 0;
    link.hidden = blocked === 0;
    count.textContent = String(blocked);
  };
  sync.addEventListener("changed", show);
  show();
}
