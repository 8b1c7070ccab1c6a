// @ts-check
/** A photo as it leaves the phone: small, upright, and nothing but the picture. */

/** A plate three metres away is still read at this size; the server keeps no larger one. */
export const LONGEST_SIDE_PX = 1600;

const QUALITY = 0.8;

/**
 * Returns a photo as a JPEG without place, time or any other metadata: a canvas keeps pixels only.
 * @param {Blob} file
 * @returns {Promise<Blob | null>} null where it is no picture that this browser can read.
 */
export async function plainPhoto(file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** @param {Blob} blob @returns {Promise<string>} */
export async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  // In pieces: a whole photo is too many arguments for one call.
  for (let from = 0; from < bytes.length; from += 8192) {
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return btoa(text);
}
