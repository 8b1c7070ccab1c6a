// @ts-check
/** The snapshot on this phone, brought up to date whenever the server can be reached. */

import { CHANNEL } from "./forget.js";
import { folded } from "./known.js";
import { NoAnswer } from "./server.js";

/**
 * @import { Snapshot, SyncAnswer } from "./known.js"
 * @import { Server } from "./server.js"
 * @import { Store } from "./store.js"
 */

/** Holds the snapshot. Says `changed` after each answer, and `forgotten` when it was wiped. */
export class Sync extends EventTarget {
  /** @type {Snapshot | null} */
  snapshot = null;
  isForgotten = false;
  /** How far this phone's clock runs ahead of the server's, where both were seen at once. */
  clock_ahead_ms = 0;
  /** @type {Promise<void> | null} */
  underWay = null;

  /**
   * @param {Store} store
   * @param {Server} server
   * @param {string} address
   */
  constructor(store, server, address) {
    super();
    this.store = store;
    this.server = server;
    this.address = address;
    if ("BroadcastChannel" in globalThis) {
      new BroadcastChannel(CHANNEL).addEventListener("message", () => this.forgotten());
    }
  }

  /** Takes up what the phone has from before. */
  async open() {
    this.snapshot = await this.store.snapshot();
    if (this.snapshot) this.dispatchEvent(new Event("changed"));
  }

  /** Asks the server for what is new; never fails. @returns {Promise<void>} */
  refresh() {
    this.underWay ??= this.ask().finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  async ask() {
    try {
      await this.take(await this.answer(this.snapshot?.cursor));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
  }

  /**
   * @param {number} [cursor]
   * @returns {Promise<SyncAnswer | null>}
   */
  async answer(cursor) {
    const address = cursor === undefined ? this.address : `${this.address}?cursor=${cursor}`;
    const { status, body } = await this.server.ask(address);
    return status === 200 ? body : null;
  }

  /** @param {SyncAnswer | null} answer */
  async take(answer) {
    if (answer === null) return;
    const { guard, community } = this.snapshot ?? answer;
    if (!answer.full && (guard !== answer.guard || community !== answer.community)) {
      // Somebody else has signed in: nothing is built on what was another's.
      answer = await this.answer();
    }
    if (answer === null || this.isForgotten) return;
    this.clock_ahead_ms = Date.now() - Date.parse(answer.as_of);
    this.server.csrf = answer.csrf;
    this.snapshot = folded(this.snapshot, answer);
    await this.store.keepSnapshot(this.snapshot);
    this.dispatchEvent(new Event("changed"));
  }

  /** Drops what this tab holds; `forget` wipes the rest. */
  forgotten() {
    this.isForgotten = true;
    this.snapshot = null;
    this.dispatchEvent(new Event("forgotten"));
  }
}
