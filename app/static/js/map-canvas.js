// @ts-check
/** The map under the mouse: Leaflet in plan units (`CRS.Simple`) with Geoman's drawing tools. */

/** @import { Area, Position } from "./map-areas.js" */
/** @typedef {import("@geoman-io/leaflet-geoman-free")} Geoman gives Leaflet's maps their `pm`. */

const L = /** @type {typeof import("leaflet")} */ (/** @type {any} */ (globalThis).L);

const INK = "#16181d";
const ACCENT = "#3f37c9";

/** @type {Record<string, import("leaflet").PathOptions>} */
const LOOKS = {
  zone: { color: ACCENT, fillColor: ACCENT, fillOpacity: 0.16, weight: 2 },
  fire_lane: { color: INK, dashArray: "6 4", fillColor: INK, fillOpacity: 0.28, weight: 2 },
  no_parking: { color: INK, dashArray: "2 4", fillColor: INK, fillOpacity: 0.14, weight: 2 },
  ground: { color: "#8c9098", dashArray: "10 6", fillOpacity: 0.03, weight: 1 },
  road: { color: "#8c9098", fillColor: "#fff", fillOpacity: 0.7, weight: 1 },
  building: { color: "#4a4d55", fillColor: "#8c9098", fillOpacity: 0.4, weight: 1 },
};

const OTHERS = { color: INK, fillColor: "#fff", fillOpacity: 0.8, weight: 1.5 };

/** Lies under what is drawn on it. */
const BELOW = ["ground", "road"];

/** Would hide more than it tells, were its name always there. */
const UNNAMED = [...BELOW, "building"];

const TOOLS = /** @type {const} */ (["outline", "rectangle", "corners", "drag", "remove"]);

/** @typedef {typeof TOOLS[number]} Tool */

/**
 * Says `drawn` (detail: rings), `moved`, `removed` and `chosen` (detail: the area), and `tool`
 * (detail: the one in use, or null).
 */
export class MapCanvas extends EventTarget {
  /**
   * @param {HTMLElement} element
   * @param {object} plan
   * @param {number} plan.width in plan units.
   * @param {number} plan.height
   * @param {string | null} plan.picture address of the site plan's picture.
   */
  constructor(element, { width, height, picture }) {
    super();
    /** @type {Map<Area, import("leaflet").Polygon | import("leaflet").Marker>} */
    this.layers = new Map();
    /** @type {Tool | null} */
    this.tool = null;
    const bounds = L.latLngBounds([[0, 0], [height, width]]);
    this.map = L.map(element, {
      crs: L.CRS.Simple, minZoom: -3, maxZoom: 4, zoomSnap: 0.25, attributionControl: false,
      maxBounds: bounds.pad(0.3),
    });
    this.map.fitBounds(bounds);
    // What is not drawn by hand is left alone by the tools.
    const fixed = /** @type {any} */ ({ pmIgnore: true, interactive: false });
    if (picture) L.imageOverlay(picture, bounds, { ...fixed, opacity: 0.7 }).addTo(this.map);
    L.rectangle(bounds, { ...fixed, className: "plan-frame", color: "#8c9098", weight: 1, fill: false }).addTo(this.map);
    this.map.pm.setGlobalOptions({
      snapDistance: 12, tooltips: false, continueDrawing: false, allowSelfIntersection: true,
      pathOptions: LOOKS.zone, templineStyle: { color: ACCENT }, hintlineStyle: { color: ACCENT },
      markerStyle: { icon: pin() },
    });
    this.map.on("pm:create", ({ layer }) => {
      layer.remove();
      this.use(null);
      this.say("drawn", ringsOfLayer(/** @type {any} */ (layer)));
    });
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * Draws an area, anew where it is there already.
   * @param {Area} area
   * @param {string} label what it is called; may be empty.
   */
  put(area, label) {
    this.take(area);
    const [outline] = area.rings;
    const isPoint = area.kind === "gate";
    if (!outline?.length) return;
    const layer = isPoint
      ? L.marker(latLng(outline[0]), { icon: pin(), keyboard: true, title: label })
      : L.polygon(area.rings.map((ring) => ring.map(latLng)), LOOKS[area.kind] ?? OTHERS);
    if (label) {
      const words = document.createElement("span");
      words.textContent = label;
      const direction = isPoint ? "bottom" : "center";
      layer.bindTooltip(words, { permanent: !UNNAMED.includes(area.kind), direction, className: "area-name" });
    }
    layer.on("click", () => { if (this.tool !== "remove") this.say("chosen", area); });
    layer.on("pm:edit pm:dragend pm:markerdragend", () => {
      area.rings = ringsOfLayer(layer);
      this.say("moved", area);
    });
    layer.on("pm:remove", () => { this.layers.delete(area); this.say("removed", area); });
    layer.addTo(this.map);
    if (!isPoint && BELOW.includes(area.kind)) /** @type {any} */ (layer).bringToBack();
    this.layers.set(area, layer);
  }

  /** @param {Area} area */
  take(area) {
    const layer = this.layers.get(area);
    this.layers.delete(area);
    layer?.off("pm:remove").remove();
  }

  /**
   * Makes one area stand out, or none.
   * @param {Area | null} chosen
   */
  choose(chosen) {
    for (const [area, layer] of this.layers) {
      const look = LOOKS[area.kind] ?? OTHERS;
      if (layer instanceof L.Polygon) layer.setStyle({ ...look, weight: (look.weight ?? 1) * (area === chosen ? 2 : 1) });
    }
  }

  /**
   * Takes up a tool; the same one again lays it down.
   * @param {Tool | null} tool
   * @param {boolean} [isPoint] draw a place instead of an outline.
   */
  use(tool, isPoint = false) {
    const { pm } = this.map;
    // Geoman warns when what is not in use is laid down.
    if (pm.globalDrawModeEnabled()) pm.disableDraw();
    if (pm.globalEditModeEnabled()) pm.disableGlobalEditMode();
    if (pm.globalDragModeEnabled()) pm.disableGlobalDragMode();
    if (pm.globalRemovalModeEnabled()) pm.disableGlobalRemovalMode();
    this.tool = tool === this.tool ? null : tool;
    if (this.tool === "corners") pm.enableGlobalEditMode();
    if (this.tool === "drag") pm.enableGlobalDragMode();
    if (this.tool === "remove") pm.enableGlobalRemovalMode();
    if (this.tool === "outline") pm.enableDraw(isPoint ? "Marker" : "Polygon");
    if (this.tool === "rectangle") pm.enableDraw(isPoint ? "Marker" : "Rectangle");
    this.say("tool", this.tool);
  }
}

function pin() {
  return L.divIcon({ className: "gate-pin", iconSize: [18, 18] });
}

/** @param {Position} position */
function latLng([x, y]) {
  return L.latLng(y, x);
}

/**
 * @param {import("leaflet").Polygon | import("leaflet").Marker} layer
 * @returns {Position[][]}
 */
function ringsOfLayer(layer) {
  const { geometry } = layer.toGeoJSON(2);
  const rings = geometry.type === "Point" ? [[geometry.coordinates]] : geometry.coordinates;
  return /** @type {Position[][]} */ (rings);
}
