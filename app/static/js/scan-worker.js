// @ts-check
/**
 * Decodes camera frames away from the page, so that the page never stutters.
 * In: {id, image: ImageData}. Out: {ready: true} once, then {id, text} with null for no symbol.
 */

import { prepareZXingModule, readBarcodes } from "../vendor/zxing/reader/index.js";

/** @type {import("zxing-wasm/reader").ReaderOptions} */
const OPTIONS = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };

prepareZXingModule({
  overrides: {
    locateFile: (/** @type {string} */ path) =>
      new URL(`../vendor/zxing/reader/${path}`, import.meta.url).href,
  },
  fireImmediately: true,
}).then(() => self.postMessage({ ready: true }));

self.addEventListener("message", async (event) => {
  const { id, image } = event.data;
  const [found] = await readBarcodes(image, OPTIONS);
  self.postMessage({ id, text: found?.isValid ? found.text : null });
});
