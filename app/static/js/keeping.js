// @ts-check
/** Has this page and its files kept on the phone, and takes over a new version of them. */

/** Something that a new version must not take from under the guard's thumb. */
const IN_USE = "dialog[open], #verdict:not([hidden]), #finding:not([hidden])";

const IDLE_CHECK_MS = 2000;

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
}

function reloadWhenIdle() {
  if (document.querySelector(IN_USE)) setTimeout(reloadWhenIdle, IDLE_CHECK_MS);
  else location.reload();
}
