// @ts-check
/** The areas of a map as they are being drawn; what GeoJSON says of them, and the other way. */

/** @typedef {[number, number]} Position x and y, in plan units. */

/**
 * @typedef {object} Kind
 * @property {string} key
 * @property {string} words
 * @property {boolean} point a place, not an area.
 * @property {boolean} coded its code is a zone's, gate's or compound's.
 * @property {boolean} counted it says how many vehicles fit.
 */

/**
 * One area; `rings` are closed outlines, for a gate one ring of one position.
 * @typedef {object} Area
 * @property {string} kind
 * @property {string} code
 * @property {string} name
 * @property {string} name_en
 * @property {number | null} capacity
 * @property {Position[][]} rings
 */

/**
 * @param {any} feature a feature of the map's GeoJSON.
 * @returns {Area}
 */
export function areaOf({ properties, geometry }) {
  const rings = geometry.type === "Point" ? [[geometry.coordinates]] : geometry.coordinates;
  return { ...properties, rings };
}

/**
 * @param {Area} area
 * @returns {object} the feature that the server reads.
 */
export function featureOf({ rings, ...properties }) {
  const isPoint = properties.kind === "gate";
  const geometry = isPoint
    ? { type: "Point", coordinates: rings[0][0] }
    : { type: "Polygon", coordinates: rings };
  return { type: "Feature", properties, geometry };
}

/**
 * @param {Position[][]} rings
 * @returns {string} the corners as `x,y x,y`, holes after a slash.
 */
export function cornersText(rings) {
  const corners = rings.map((ring) => (ring.length > 1 ? ring.slice(0, -1) : ring));
  return corners.map((ring) => ring.map((one) => one.join(",")).join(" ")).join(" / ");
}

/**
 * @param {string} text what `cornersText` returns, as somebody typed it.
 * @param {boolean} isPoint
 * @returns {Position[][] | null} null where it cannot be read.
 */
export function ringsOf(text, isPoint) {
  const rings = text.split("/").map((part) => part.trim().split(/[\s;]+/).map(positionOf));
  if (rings.some((ring) => ring.includes(null))) return null;
  const read = /** @type {Position[][]} */ (rings);
  if (isPoint) return read.length === 1 && read[0].length === 1 ? read : null;
  return read.every((ring) => ring.length >= 3) ? read.map((ring) => [...ring, ring[0]]) : null;
}

/**
 * @param {string} text
 * @returns {Position | null}
 */
function positionOf(text) {
  const [x, y, ...more] = text.split(/[,，]/).map((one) => (one.trim() ? Number(one) : NaN));
  return more.length === 0 && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null;
}
