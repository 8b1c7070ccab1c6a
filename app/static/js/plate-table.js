// @ts-check
/**
 * The plates that a phone knows without a network: salted, cut hashes in one packed, sorted table.
 *
 * A record: hash (6 bytes) ‖ compound number (1) ‖ permit number (4, 0 for none) ‖ last valid day
 * since 2020-01-01 (2) ‖ flags (1: bit 0 for not yet valid); numbers are big endian.
 */

export const RECORD_BYTES = 14;
export const HASH_BYTES = 6;

const NOT_YET_VALID = 1;

/**
 * What a record says of its plate.
 * @typedef {object} PlateRecord
 * @property {number} compound
 * @property {number | null} permit
 * @property {number} last_day since 2020-01-01
 * @property {boolean} not_yet_valid
 */

/**
 * Returns the hash of a canonical plate.
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {string} plate
 * @returns {Promise<number>} its six bytes as one number, which keeps their order.
 */
export async function hashOf(salt, plate) {
  const text = new TextEncoder().encode(plate);
  const salted = new Uint8Array(salt.length + text.length);
  salted.set(salt);
  salted.set(text, salt.length);
  return hashAt(new Uint8Array(await crypto.subtle.digest("SHA-256", salted)), 0);
}

/**
 * Returns the hash that begins at a byte.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {number}
 */
export function hashAt(bytes, at) {
  let hash = 0;
  // 48 bits are exact in a double, but not in its bit operations.
  for (let place = at; place < at + HASH_BYTES; place += 1) hash = hash * 256 + bytes[place];
  return hash;
}

/**
 * Returns what a table says of a hash.
 * @param {Uint8Array} table
 * @param {number} hash
 * @returns {PlateRecord | null}
 */
export function find(table, hash) {
  const at = place(table, hash);
  if (at === table.length || hashAt(table, at) !== hash) return null;
  const view = new DataView(table.buffer, table.byteOffset + at + HASH_BYTES);
  return {
    compound: view.getUint8(0),
    permit: view.getUint32(1) || null,
    last_day: view.getUint16(5),
    not_yet_valid: (view.getUint8(7) & NOT_YET_VALID) !== 0,
  };
}

/**
 * Returns a table with records added or replaced, and without those of hashes that are gone.
 * What did not change is copied in long runs: a few changes in 50,000 plates cost no time.
 * @param {Uint8Array} table
 * @param {Uint8Array} changed records, sorted.
 * @param {Uint8Array} gone hashes of six bytes, in any order.
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function merged(table, changed, gone) {
  /** @type {Map<number, Uint8Array | null>} */
  const changes = new Map();
  for (let at = 0; at < gone.length; at += HASH_BYTES) changes.set(hashAt(gone, at), null);
  for (let at = 0; at < changed.length; at += RECORD_BYTES) {
    changes.set(hashAt(changed, at), changed.subarray(at, at + RECORD_BYTES));
  }
  const whole = new Uint8Array(table.length + changed.length);
  let [read, written] = [0, 0];
  /** @param {Uint8Array} bytes */
  const write = (bytes) => {
    whole.set(bytes, written);
    written += bytes.length;
  };
  for (const hash of [...changes.keys()].sort((one, other) => one - other)) {
    const at = place(table, hash);
    write(table.subarray(read, at));
    write(changes.get(hash) ?? new Uint8Array());
    read = at < table.length && hashAt(table, at) === hash ? at + RECORD_BYTES : at;
  }
  write(table.subarray(read));
  return whole.slice(0, written);
}

/**
 * Returns the byte at which the record of a hash begins, or would.
 * @param {Uint8Array} table
 * @param {number} hash
 * @returns {number}
 */
function place(table, hash) {
  let [low, high] = [0, table.length / RECORD_BYTES];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hashAt(table, middle * RECORD_BYTES) < hash) low = middle + 1;
    else high = middle;
  }
  return low * RECORD_BYTES;
}
