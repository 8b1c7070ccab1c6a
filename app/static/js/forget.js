// @ts-check
/**
 * What a phone forgets when nobody is signed in any more: the snapshot and the kept page. What
 * waits to be sent stays. It stands alone, because every page that signs out needs it.
 */

/** The page's caches begin with this; `service-worker.js` names them. */
export const CACHES = "gate-";

/** Where other tabs of this phone hear of it. */
export const CHANNEL = "gate";

/**
 * Returns whether something is a form that signs out.
 * @param {EventTarget | null} form
 * @returns {form is HTMLFormElement}
 */
export function signsOut(form) {
  return form instanceof HTMLFormElement && new URL(form.action).pathname.endsWith("/sign-out");
}

/**
 * Wipes the snapshot and the caches; never fails, and never waits for another tab.
 * @returns {Promise<void>} fulfilled once nothing is left.
 */
export async function forget() {
  if ("BroadcastChannel" in globalThis) new BroadcastChannel(CHANNEL).postMessage("forgotten");
  await Promise.allSettled([clearSnapshot(), deleteCaches()]);
}

async function deleteCaches() {
  // Insecure pages have no caches, and nothing in them.
  if (!("caches" in globalThis)) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(CACHES)).map((name) => caches.delete(name)));
}

/** @returns {Promise<void>} */
function clearSnapshot() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("gate");
    // There is no database: it must not be made here, without its stores.
    opening.onupgradeneeded = () => opening.transaction?.abort();
    opening.onerror = () => resolve();
    opening.onsuccess = () => {
      const database = opening.result;
      const clearing = database.transaction("snapshot", "readwrite");
      clearing.objectStore("snapshot").clear();
      clearing.oncomplete = () => {
        database.close();
        resolve();
      };
      clearing.onerror = () => reject(clearing.error);
    };
  });
}
