// @ts-check
/**
 * What every page needs: a question before a grave act, choosing all rows, the open tab and the
 * chosen filter in view, and a phone that forgets when its guard signs out.
 */

import { forget, signsOut } from "./forget.js";

document.addEventListener("submit", (event) => {
  const submitter = /** @type {SubmitEvent} */ (event).submitter;
  const words = submitter?.getAttribute("data-confirm");
  if (words && !window.confirm(words)) event.preventDefault();
});

for (const all of document.querySelectorAll("input[data-choose-all]")) {
  all.addEventListener("change", () => {
    const name = all.getAttribute("data-choose-all");
    for (const one of document.querySelectorAll(`input[type=checkbox][name="${name}"]`)) {
      /** @type {HTMLInputElement} */ (one).checked = /** @type {HTMLInputElement} */ (all).checked;
    }
  });
}

for (const input of document.querySelectorAll("input[type=file][data-names]")) {
  input.addEventListener("change", () => {
    const files = /** @type {HTMLInputElement} */ (input).files;
    const target = document.getElementById(input.getAttribute("data-names") ?? "");
    if (target && files?.length) target.textContent = files[0].name;
  });
}

/** @type {NodeListOf<HTMLElement>} */
const chosenOnes = document.querySelectorAll(":is(.tabs, .filters) [aria-current]");
for (const one of chosenOnes) {
  const row = one.parentElement;
  if (row) row.scrollLeft = one.offsetLeft - row.offsetLeft - (row.clientWidth - one.offsetWidth) / 2;
}

/** A sign-out that had no network waits here for the next page. */
const OWED = "sign-out-owed";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !signsOut(form)) return;
  event.preventDefault();
  localStorage.setItem(OWED, "yes");
  // A list that was being typed names people.
  sessionStorage.clear();
  // Wiped before the request, which may take its time or fail.
  await forget();
  form.submit();
});

if (location.pathname.endsWith("/sign-in")) forget();

if (localStorage.getItem(OWED)) {
  localStorage.removeItem(OWED);
  const form = [...document.forms].find(signsOut);
  if (form) forget().then(() => form.submit());
}
