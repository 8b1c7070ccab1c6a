// @ts-check
/**
 * The phone at a gate: its snapshot and its outbox, kept up to date while the page is open. What
 * the gate's and the patrol's page begin with.
 */

import { forget, signsOut } from "./forget.js";
import { keepPage } from "./keeping.js";
import { decideBy, isRegistered } from "./known.js";
import { Outbox } from "./outbox.js";
import { NoAnswer, Server } from "./server.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";

/**
 * @import { Decision } from "./decide.js"
 * @import { DecisionFacts } from "./verdict.js"
 */

const SYNC_EVERY_MS = 60_000;
const SEND_EVERY_MS = 20_000;

/** A guard waits no longer for what the server may know better. */
export const SECOND_OPINION_MS = 1500;

/**
 * Where the page says what is where: `data-` attributes of its `#gate-facts`.
 * @typedef {object} Facts
 * @property {string} csrf
 * @property {string} guard id of the guard for whom the page was made.
 * @property {string} sync
 * @property {string} outbox
 * @property {string} decide
 * @property {string} serviceWorker
 * @property {string} signIn
 */

/** What is asked at a gate: a symbol or a plate. @typedef {{scanned: string} | {plate: string}} Asked */

export class Phone {
  /**
   * Returns the phone, with what it has from before; what is new comes soon.
   * @param {DOMStringMap} given
   * @returns {Promise<Phone>}
   * @throws {DOMException} where the browser keeps nothing, not even for a while.
   */
  static async start(given) {
    const facts = /** @type {Facts} */ (/** @type {unknown} */ (given));
    void keepPage(facts.serviceWorker);
    const phone = new Phone(facts, await openStore());
    await phone.sync.open();
    phone.keepUpToDate();
    return phone;
  }

  /** @param {Facts} facts @param {import("./store.js").Store} store */
  constructor(facts, store) {
    this.facts = facts;
    this.store = store;
    this.server = new Server(facts.csrf);
    this.sync = new Sync(store, this.server, facts.sync);
    this.outbox = new Outbox(store, this.server, {
      address: facts.outbox,
      owner: () => this.sync.snapshot?.guard ?? Number(facts.guard),
      renew: () => this.sync.refresh(),
    });
    /** Fulfilled once there is a snapshot, or the server gave none. @type {Promise<void>} */
    this.ready = Promise.resolve();
  }

  keepUpToDate() {
    const { sync, outbox, server } = this;
    let isLeaving = false;
    document.addEventListener("submit", ({ target }) => {
      // Other tabs hear of a sign-out, and go; this one is on its way already.
      isLeaving ||= signsOut(target);
    });
    server.addEventListener("ended", async () => {
      if (isLeaving) return;
      isLeaving = true;
      await forget();
      location.assign(this.facts.signIn);
    });
    sync.addEventListener("forgotten", () => {
      if (!isLeaving) location.assign(this.facts.signIn);
    });
    const both = () => Promise.all([sync.refresh(), outbox.send()]);
    server.addEventListener("reached", both);
    globalThis.addEventListener("online", both);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") both();
    });
    setInterval(() => sync.refresh(), SYNC_EVERY_MS);
    setInterval(() => outbox.send(), SEND_EVERY_MS);
    const first = sync.refresh();
    this.ready = sync.snapshot ? Promise.resolve() : first;
    void outbox.send();
    void outbox.counted();
    // What is queued must not be thrown away when the phone runs short of room.
    void navigator.storage?.persist?.().catch(() => false);
  }

  /**
   * Returns the decision made on this phone; null where it has never had any data.
   * @param {Asked} asked
   * @param {Date} [at]
   * @returns {Promise<Decision | null>}
   */
  async decide(asked, at = new Date()) {
    await this.ready;
    const { snapshot } = this.sync;
    return snapshot && decideBy(snapshot, { at, ...asked });
  }

  /**
   * Returns what the server decides; null where it does not say in time.
   * @param {Asked} asked
   * @returns {Promise<DecisionFacts | null>}
   */
  async secondOpinion(asked) {
    try {
      const answer = await this.server.ask(this.facts.decide, {
        form: { ...asked },
        within_ms: SECOND_OPINION_MS,
      });
      return answer.status === 200 ? answer.body : null;
    } catch (error) {
      if (error instanceof NoAnswer) return null;
      throw error;
    }
  }

  /**
   * Keeps what happened until the server has it; see `Outbox.keep`.
   * @param {Record<string, unknown> & {kind: string}} item
   * @param {Date} [at]
   */
  add({ kind, ...fields }, at) {
    return this.outbox.keep(kind, fields, at);
  }

  /** Returns whether a compound has handed in a canonical plate. @param {string} plate */
  async isRegistered(plate) {
    const { snapshot } = this.sync;
    return snapshot !== null && isRegistered(snapshot, plate);
  }
}
