// @ts-check
/** A zone touched on the map is chosen in the list below it, which keyboards and readers use. */

/**
 * Wires the map of a page with the list of its form.
 * @param {HTMLFormElement} form
 */
export function mountZoneMap(form) {
  const map = form.querySelector(".site-map");
  const choices = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-code]"));
  if (!map) return;

  const show = () => {
    const code = [...choices].find((one) => one.checked)?.dataset.code;
    for (const zone of map.querySelectorAll("[data-zone]")) {
      zone.classList.toggle("is-chosen", zone.getAttribute("data-zone") === code);
    }
  };
  map.addEventListener("click", ({ target }) => {
    const code = /** @type {Element} */ (target).closest("[data-zone]")?.getAttribute("data-zone");
    const choice = [...choices].find((one) => one.dataset.code === code);
    if (!choice) return;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("change", show);
  show();
}
