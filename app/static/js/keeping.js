// @ts-check
/** Has this page and its files kept on the phone, and takes over a new version of them. */

/** Something that a new version must not take from under the guard's thumb. */
const IN_USE = "dialog[open], #verdict:not([hidden]), #finding:not([hidden])";

const IDLE_CHECK_MS = 2000;

/** What the page is set in; a phone that has the typeface itself fetches nothing. */
const FACES = ["400", "500", "700"].map((weight) => `${weight} 1em "Noto Sans SC"`);

/**
 * Starts the service worker, where the browser has them: not in an insecure page.
 * @param {string} script its address
 */
export async function keepPage(script) {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const hadOne = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (hadOne) reloadWhenIdle();
  });
  try {
    await serviceWorker.register(script, { updateViaCache: "none" });
  } catch {
    // Without a network, or in the middle of the server's update: the page works as it is.
    return;
  }
  const { active } = await serviceWorker.ready;
  active?.postMessage({ fill: true });
  // The slices of all words that the page may have to say, and not only of those it shows now.
  const text = document.body.textContent ?? "";
  await Promise.allSettled(FACES.map((face) => document.fonts.load(face, text)));
  active?.postMessage({ fonts: usedFonts() });
}

function reloadWhenIdle() {
  if (document.querySelector(IN_USE)) setTimeout(reloadWhenIdle, IDLE_CHECK_MS);
  else location.reload();
}

function usedFonts() {
  const used = performance.getEntriesByType("resource").map(({ name }) => name);
  return used.filter((name) => /\/page-fonts\/[^/]+\.woff2$/.test(name));
}
