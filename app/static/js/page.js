// @ts-check
/** What every page needs: a question before a grave act, choosing all rows, the open tab in view. */

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

document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
