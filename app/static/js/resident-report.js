// @ts-check
/** A resident's report: the photo is drawn anew before it leaves the phone. */

import { plainPhoto } from "./photo.js";
import { mountZoneMap } from "./zone-map.js";

/** @import { Words } from "./verdict.js" */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const words = /** @type {Words["page"]} */ (JSON.parse(byId("page-words").textContent ?? "{}"));
const input = /** @type {HTMLInputElement} */ (byId("photo"));
const shown = /** @type {HTMLImageElement} */ (byId("photo-shown"));

mountZoneMap(/** @type {HTMLFormElement} */ (input.form));

input.addEventListener("change", async () => {
  const file = input.files?.[0];
  if (!file) return;
  const files = new DataTransfer();
  // What was chosen never goes, neither with its name nor with its place.
  input.files = files.files;
  const plain = await plainPhoto(file);
  byId("photo-error").textContent = plain ? "" : words.photo_broken.join(" · ");
  URL.revokeObjectURL(shown.src);
  shown.hidden = !plain;
  if (!plain) return;
  files.items.add(new File([plain], "photo.jpg", { type: plain.type }));
  input.files = files.files;
  shown.src = URL.createObjectURL(plain);
});
