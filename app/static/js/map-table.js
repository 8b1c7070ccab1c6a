// @ts-check
/** The areas of the map as a table: names and codes for all, corners for those without a mouse. */

import { cornersText, ringsOf } from "./map-areas.js";

/** @import { Area, Kind } from "./map-areas.js" */

/** Says `changed` and `deleted` (detail: the area). */
export class AreaTable extends EventTarget {
  /**
   * @param {HTMLTableElement} table
   * @param {HTMLTemplateElement} template of a row.
   * @param {object} given
   * @param {Kind[]} given.kinds
   * @param {Record<string, [string, string][]>} given.codes by kind: code and words.
   */
  constructor(table, template, { kinds, codes }) {
    super();
    this.table = table;
    this.template = template;
    this.kinds = new Map(kinds.map((kind) => [kind.key, kind]));
    this.codes = codes;
    /** @type {Map<Area, HTMLTableRowElement>} */
    this.rows = new Map();
    this.showsAll = false;
    /** @type {Area | null} */
    this.chosen = null;
  }

  /** @param {Area} area */
  add(area) {
    const copy = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
    const row = /** @type {HTMLTableRowElement} */ (copy.querySelector("tr"));
    this.rows.set(area, row);
    this.fill(area);
    row.addEventListener("change", (event) => {
      this.read(area, /** @type {HTMLElement} */ (event.target));
      this.fill(area);
      this.say("changed", area);
    });
    row.querySelector("[data-act=delete]")?.addEventListener("click", () => {
      this.remove(area);
      this.say("deleted", area);
    });
    this.table.tBodies[0].append(row);
    this.show();
  }

  /** @param {Area} area */
  remove(area) {
    this.rows.get(area)?.remove();
    this.rows.delete(area);
    if (this.chosen === area) this.chosen = null;
    this.show();
  }

  /**
   * @param {string} type
   * @param {Area} area
   */
  say(type, area) {
    this.dispatchEvent(new CustomEvent(type, { detail: area }));
  }

  /**
   * Writes what an area holds into its row.
   * @param {Area} area
   */
  fill(area) {
    const row = /** @type {HTMLTableRowElement} */ (this.rows.get(area));
    const kind = this.kinds.get(area.kind);
    const known = this.field(row, "known");
    known.replaceChildren(...(this.codes[area.kind] ?? []).map(([code, words]) => new Option(words, code)));
    known.hidden = !kind?.coded;
    this.field(row, "code").hidden = !!kind?.coded;
    for (const name of ["name", "name_en"]) this.field(row, name).hidden = !!kind?.coded;
    this.field(row, "capacity").hidden = !kind?.counted;
    this.field(row, "kind").value = area.kind;
    known.value = area.code;
    this.field(row, "code").value = area.code;
    this.field(row, "name").value = area.name;
    this.field(row, "name_en").value = area.name_en;
    this.field(row, "capacity").value = area.capacity?.toString() ?? "";
    this.field(row, "corners").value = cornersText(area.rings);
  }

  /**
   * Takes over what somebody changed in a field.
   * @param {Area} area
   * @param {HTMLElement} target
   */
  read(area, target) {
    const { value } = /** @type {HTMLInputElement} */ (target);
    switch (target.dataset.field) {
      case "kind":
        area.kind = value;
        if (this.kinds.get(value)?.coded) area.code = this.codes[value][0]?.[0] ?? "";
        break;
      case "known": area.code = value; break;
      case "code": area.code = value.trim(); break;
      case "name": area.name = value.trim(); break;
      case "name_en": area.name_en = value.trim(); break;
      case "capacity": area.capacity = value ? Number(value) : null; break;
      case "corners": {
        const rings = ringsOf(value, !!this.kinds.get(area.kind)?.point);
        target.setAttribute("aria-invalid", String(rings === null));
        if (rings) area.rings = rings;
      }
    }
  }

  /**
   * @param {HTMLTableRowElement} row
   * @param {string} name
   * @returns {any} its select, input or textarea.
   */
  field(row, name) {
    return row.querySelector(`[data-field=${name}]`);
  }

  /**
   * Shows an area's row.
   * @param {Area | null} area
   */
  choose(area) {
    this.chosen = area;
    this.show();
  }

  /**
   * Marks the areas in which something is wrong.
   * @param {Set<Area>} areas
   */
  mark(areas) {
    for (const [area, row] of this.rows) row.classList.toggle("wrong", areas.has(area));
    this.show();
  }

  show() {
    let shown = 0;
    for (const [area, row] of this.rows) {
      row.classList.toggle("chosen", area === this.chosen);
      row.hidden = !(this.showsAll || area === this.chosen || row.classList.contains("wrong"));
      if (!row.hidden) shown += 1;
    }
    this.table.hidden = shown === 0;
  }
}
