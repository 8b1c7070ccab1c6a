// @ts-check
/** The token in what was scanned: a URL of any case and host, or a bare token. */

const IN_PATH = /\/P\/([A-Z2-7]+)$/;
const BARE = /^[A-Z2-7]+$/;

/**
 * Returns the token in a scanned text, null where there is none.
 * @param {string} text
 * @returns {string | null}
 */
export function tokenFrom(text) {
  const upper = text.trim().toUpperCase().split(/[?#]/)[0];
  const match = IN_PATH.exec(upper);
  const token = match ? match[1] : upper;
  return BARE.test(token) ? token : null;
}
