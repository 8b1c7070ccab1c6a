// @ts-check
/** Turns a patrol's finding into a report with a photo, kept in the outbox until it is sent. */

import { writePlate } from "./verdict.js";
import { base64, plainPhoto } from "./photo.js";

/** @import { Words } from "./verdict.js" */

/**
 * What a report is about, and what is likely wrong.
 * @typedef {{zone: string, plate: string | null, shown: string, kind: string}} Subject
 */

/**
 * Wires the sheet in which a report is written.
 * @param {HTMLDialogElement} sheet
 * @param {object} given
 * @param {Words["page"]} given.words
 * @param {(item: Record<string, unknown>) => Promise<unknown>} given.add puts the report in the
 *   outbox.
 * @param {() => void} given.done called once it is kept.
 * @returns {(subject: Subject) => void} opens it.
 */
export function mountReportForm(sheet, { words, add, done }) {
  const form = /** @type {HTMLFormElement} */ (sheet.querySelector("form#report-form"));
  const input = /** @type {HTMLInputElement} */ (sheet.querySelector("#photo"));
  const picture = /** @type {HTMLImageElement} */ (sheet.querySelector("#photo-shown"));
  const wrong = /** @type {HTMLElement} */ (sheet.querySelector("[data-wrong]"));
  const plate = /** @type {HTMLElement} */ (sheet.querySelector("[data-plate]"));
  /** @type {Subject} */
  let about = { zone: "", plate: null, shown: "", kind: "" };
  /** @type {Blob | null} */
  let photo = null;

  const show = (/** @type {Blob | null} */ taken) => {
    URL.revokeObjectURL(picture.src);
    photo = taken;
    picture.hidden = taken === null;
    if (taken) picture.src = URL.createObjectURL(taken);
    for (const [name, isShown] of [["data-take", !taken], ["data-taken", taken]]) {
      /** @type {HTMLElement} */ (sheet.querySelector(`[${name}]`)).hidden = !isShown;
    }
  };

  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file) return;
    const plain = await plainPhoto(file);
    wrong.textContent = plain ? "" : words.photo_broken.join(" · ");
    if (plain) show(plain);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(form);
    await add({
      zone: about.zone,
      plate: about.plate,
      report_kind: given.get("report_kind"),
      note: String(given.get("note")).trim(),
      photo: photo && (await base64(photo)),
    });
    sheet.close();
    done();
  });

  return (subject) => {
    about = subject;
    form.reset();
    wrong.textContent = "";
    show(null);
    writePlate(plate, subject.shown);
    const kind = form.querySelector(`[name=report_kind][value=${subject.kind}]`);
    /** @type {HTMLInputElement} */ (kind).checked = true;
    sheet.showModal();
  };
}
