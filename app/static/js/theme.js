// @ts-check
/** Dark by default, for the night; light for the sun, once it was chosen on this phone. */

const THEME = "gate-theme";

/**
 * Shows the theme chosen on this phone, and changes it with a switch.
 * @param {HTMLElement} root whose `data-theme` the style sheet goes by.
 * @param {HTMLElement | null} button null where the page only follows.
 */
export function mountTheme(root, button) {
  const set = (/** @type {boolean} */ isLight) => {
    root.dataset.theme = isLight ? "light" : "dark";
    button?.setAttribute("aria-pressed", String(isLight));
  };
  set(localStorage.getItem(THEME) === "light");
  button?.addEventListener("click", () => {
    const isLight = root.dataset.theme !== "light";
    localStorage.setItem(THEME, isLight ? "light" : "dark");
    set(isLight);
  });
}
