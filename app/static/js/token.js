// @ts-check
/**
 * The signed QR token, version 1: the twin of `permits/token.py`.
 *
 * `docs/token.md` has the byte table; both are held to the vectors in `tests/vectors`.
 */

/** @typedef {"malformed_token" | "unknown_version" | "unknown_key" | "bad_signature"} TokenFault */

/**
 * What a token says. Days are ISO dates, both included.
 * @typedef {object} TokenFields
 * @property {"permit" | "visitor_pass"} kind
 * @property {number} key_id
 * @property {number} community
 * @property {number} compound
 * @property {number} number
 * @property {string} first_day
 * @property {string} last_day
 * @property {string} plate
 */

/**
 * A token taken apart, its signature not yet checked.
 * @typedef {object} SignedToken
 * @property {TokenFields} fields
 * @property {Uint8Array<ArrayBuffer>} message
 * @property {Uint8Array<ArrayBuffer>} signature
 */

/** @typedef {Record<string, string>} PublicKeys PEM by key id. */

const VERSION = 1;
/** @type {readonly TokenFields["kind"][]} */
const KINDS = ["permit", "visitor_pass"];
const DAY_ZERO_MS = Date.UTC(2020, 0, 1);
const DAY_MS = 86_400_000;
const HEAD_BYTES = 14;
const SIGNATURE_BYTES = 64;
const SHORTEST_PLATE_BYTES = 8;
const LONGEST_PLATE_BYTES = 15;

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const WHITE_SPACE_AROUND = /^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g;
const IN_PATH = /\/[Pp]\/([A-Za-z2-7]+)$/;
const BARE = /^([A-Za-z2-7]+)$/;

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" };

/** A token that proves nothing; `code` says why. */
export class TokenError extends Error {
  /** @param {TokenFault} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * Returns the token in what was scanned or typed: a URL of any case and host, or a bare token;
 * null where there is none.
 * @param {string} text
 * @returns {string | null}
 */
export function tokenFrom(text) {
  const path = text.split(/[?#]/, 1)[0].replace(WHITE_SPACE_AROUND, "");
  const match = IN_PATH.exec(path) ?? BARE.exec(path);
  return match ? match[1].toUpperCase() : null;
}

/**
 * Takes a token apart without checking its signature.
 * @param {string} token
 * @returns {SignedToken}
 * @throws {TokenError} `malformed_token` or `unknown_version`.
 */
export function read(token) {
  const content = decode(token);
  if (content[0] >> 4 !== VERSION) throw new TokenError("unknown_version");
  if (content.length < HEAD_BYTES) throw new TokenError("malformed_token");
  const head = new DataView(content.buffer);
  const kind = KINDS[content[0] & 0x0f];
  const [first, last] = [head.getUint16(9), head.getUint16(11)];
  const length = head.getUint8(13);
  if (
    kind === undefined ||
    length < SHORTEST_PLATE_BYTES ||
    length > LONGEST_PLATE_BYTES ||
    content.length !== HEAD_BYTES + length + SIGNATURE_BYTES ||
    first > last
  ) {
    throw new TokenError("malformed_token");
  }
  const message = content.slice(0, -SIGNATURE_BYTES);
  return {
    fields: {
      kind,
      key_id: head.getUint8(1),
      community: head.getUint16(2),
      compound: head.getUint8(4),
      number: head.getUint32(5),
      first_day: day(first),
      last_day: day(last),
      plate: utf8(message.slice(HEAD_BYTES)),
    },
    message,
    signature: content.slice(-SIGNATURE_BYTES),
  };
}

/**
 * Returns what a genuine token says.
 * @param {string} token
 * @param {PublicKeys} publicKeys
 * @returns {Promise<TokenFields>}
 * @throws {TokenError} with any of its codes.
 */
export async function verify(token, publicKeys) {
  const { fields, message, signature } = read(token);
  const pem = publicKeys[fields.key_id];
  if (pem === undefined) throw new TokenError("unknown_key");
  const key = await imported(pem);
  if (!(await crypto.subtle.verify(ALGORITHM, key, signature, message))) {
    throw new TokenError("bad_signature");
  }
  return fields;
}

/**
 * @param {string} token
 * @returns {Uint8Array<ArrayBuffer>}
 */
function decode(token) {
  const content = new Uint8Array(Math.floor((token.length * 5) / 8));
  let [bits, held, place] = [0, 0, 0];
  for (const character of token) {
    const value = BASE32.indexOf(character);
    if (value < 0) throw new TokenError("malformed_token");
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held >= 8) {
      held -= 8;
      content[place++] = bits >> held;
    }
  }
  // Five or more bits left over are a character too many; spare bits that are not zero would give
  // one permit many texts.
  const spare = bits & ((1 << held) - 1);
  if (content.length === 0 || held >= 5 || spare !== 0) throw new TokenError("malformed_token");
  return content;
}

/**
 * @param {Uint8Array<ArrayBuffer>} content
 * @returns {string}
 */
function utf8(content) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new TokenError("malformed_token");
  }
}

/**
 * @param {number} days since 2020-01-01
 * @returns {string}
 */
function day(days) {
  return new Date(DAY_ZERO_MS + days * DAY_MS).toISOString().slice(0, 10);
}

/** @type {Map<string, Promise<CryptoKey>>} */
const importedKeys = new Map();

/**
 * @param {string} pem
 * @returns {Promise<CryptoKey>}
 */
function imported(pem) {
  let key = importedKeys.get(pem);
  if (key === undefined) {
    const base64 = pem.replace(/-----[A-Z ]+-----|\s/g, "");
    const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    key = crypto.subtle.importKey("spki", der, CURVE, false, ["verify"]);
    importedKeys.set(pem, key);
  }
  return key;
}
