// @ts-check
/**
 * Plates as far as the gate decision needs them: the twin of `permits/plates.py`, without the
 * reasons and suggestions for what is none. `tests/vectors/plates.json` holds both to one table.
 */

/**
 * A canonical plate and its kind.
 * @typedef {object} Plate
 * @property {string} text
 * @property {string} kind
 */

export const PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";

/**
 * What people and programs put between the parts of a plate; it never changes which plate is meant.
 */
export const SEPARATORS =
  " \t\n\v\f\r\x85\xa0\xad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009" +
  "\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f" +
  "\u2060\u2066\u2067\u2068\u2069\u3000\ufeff·•・･‧∙⋅ㆍ⸱●.．﹒-‐‑‒–—―−－﹣_＿";

const P = `[${PROVINCES}]`;
const L = "[ABCDEFGHJKLMNPQRSTUVWXYZ]";
const S = "[ABCDEFGHJKLMNPQRSTUVWXYZ0-9]";
const N = "[ABCDEFGHJK]";

/** Every form as a pattern of the whole canonical plate. @type {Readonly<Record<string, string>>} */
export const FORMS = {
  ordinary: `${P}${L}${S}{5}`,
  new_energy_small: `${P}${L}${N}${S}[0-9]{4}`,
  new_energy_large: `${P}${L}[0-9]{5}${N}`,
  police: `${P}${L}${S}{4}警`,
  trainer: `${P}${L}${S}{4}学`,
  trailer: `${P}${L}${S}{4}挂`,
  consulate: `${P}${L}${S}{4}领`,
  embassy: "使[0-9]{6}|[0-9]{6}使",
  hong_kong: `粤Z${S}{4}港`,
  macao: `粤Z${S}{4}澳`,
  emergency: `${P}[XS]${S}[0-9]{3}应急`,
  armed_police: `WJ${P}?[0-9]{4}[0-9TDSHBXJ]`,
  military: "[BCEGHJKLNQSVZ][A-DJ-NP-TVY][0-9]{5}",
  civil_aviation: `民航${S}{5}`,
  temporary: `${P}${L}${S}{4,5}临`,
};

/** Kinds that pass whatever the register says. */
export const SERVICE_KINDS = ["police", "emergency", "armed_police", "military"];

const WHOLE = Object.entries(FORMS).map(
  ([kind, form]) => /** @type {const} */ ([kind, new RegExp(`^(?:${form})$`)]),
);

/**
 * Returns the text in capitals, half width and without separators; twice equals once.
 * @param {string} raw
 * @returns {string}
 */
export function normalise(raw) {
  let text = "";
  for (const character of raw) {
    if (!SEPARATORS.includes(character)) text += folded(character);
  }
  return text;
}

/**
 * Returns the plate that a text is, null where it is none.
 * @param {string} raw
 * @returns {Plate | null}
 */
export function parse(raw) {
  const text = normalise(raw);
  const form = WHOLE.find(([, pattern]) => pattern.test(text));
  return form ? { text, kind: form[0] } : null;
}

/**
 * Returns a canonical plate as people read it, `粤E·12345`; what is no plate stays as it is.
 * @param {string} text
 * @returns {string}
 */
export function shown(text) {
  const plate = parse(text);
  if (plate === null) return text;
  const place = dotPlace(plate);
  return `${plate.text.slice(0, place)}·${plate.text.slice(place)}`;
}

/**
 * @param {Plate} plate
 * @returns {number}
 */
function dotPlace({ text, kind }) {
  if (kind === "embassy") return text[0] === "使" ? 4 : 3;
  return kind === "armed_police" && PROVINCES.includes(text[2]) ? 3 : 2;
}

/**
 * @param {string} character
 * @returns {string}
 */
function folded(character) {
  const code = character.charCodeAt(0);
  const half = code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : character;
  return half >= "a" && half <= "z" ? half.toUpperCase() : half;
}
