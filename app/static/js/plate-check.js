// @ts-check
/** What is wrong with a text that is no plate, and which one was likely meant: the server says it. */

import { NoAnswer } from "./server.js";

/** @import { Server } from "./server.js" */
/** @typedef {{words: string, suggestion: string | null}} Fault */

const PAUSE_MS = 250;

/** Says `checked` when more is known. */
export class PlateCheck extends EventTarget {
  /** @param {Server} server @param {string} address */
  constructor(server, address) {
    super();
    this.server = server;
    this.address = address;
    /** @type {Map<string, Fault>} */
    this.known = new Map();
    /** @type {Set<string>} */
    this.wanted = new Set();
    this.timer = 0;
  }

  /**
   * Returns what is known to be wrong with a text; if nothing is, the server is asked soon.
   * @param {string} text
   * @returns {Fault | undefined}
   */
  of(text) {
    const found = this.known.get(text);
    if (!found) {
      this.wanted.add(text);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), PAUSE_MS);
    }
    return found;
  }

  async ask() {
    const texts = [...this.wanted].slice(0, 200);
    this.wanted.clear();
    try {
      const { status, body } = await this.server.ask(this.address, { json: { texts } });
      if (status !== 200) return;
      for (const [text, fault] of Object.entries(body.faults)) this.known.set(text, fault);
      this.dispatchEvent(new Event("checked"));
    } catch (error) {
      // Without a network the browser's own rules say that it is no plate, only not why.
      if (!(error instanceof NoAnswer)) throw error;
    }
  }
}
