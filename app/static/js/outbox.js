// @ts-check
/** Passes, visits, notes and reports on their way: nothing is lost, and nothing is sent twice. */

import { NoAnswer } from "./server.js";

/**
 * @import { Server } from "./server.js"
 * @import { Item, Store } from "./store.js"
 */

/** What the server takes at once, see `app/outbox.py`; bytes with some room for the rest. */
const MOST_ITEMS = 1000;
const MOST_PHOTOS = 10;
const MOST_BYTES = 1_900_000;

/** Photos take their time on one bar of signal. */
const PATIENCE_MS = 60_000;

/** Who has it sends. A tab that the phone has put to sleep keeps it no longer than this. */
const LOCK = "gate-outbox";
const LONGEST_SENDING_MS = 2 * PATIENCE_MS;

/** A batch that is refused as a whole, for what is in it. */
const NOT_UNDERSTOOD = [400, 413, 422];
const FORM_EXPIRED = "form_expired";

/** Keeps items until the server has them. Says `changed` when their number does. */
export class Outbox extends EventTarget {
  /** How many items wait. */
  count = 0;
  /** @type {Promise<void> | null} */
  underWay = null;
  hasMore = false;

  /**
   * @param {Store} store
   * @param {Server} server
   * @param {object} given
   * @param {string} given.address
   * @param {() => number} given.owner id of the guard who is signed in.
   * @param {() => Promise<void>} given.renew gets a new form token.
   */
  constructor(store, server, { address, owner, renew }) {
    super();
    this.store = store;
    this.server = server;
    this.address = address;
    this.owner = owner;
    this.renew = renew;
  }

  /**
   * Keeps an item on the disk, and sends it when that can be. The caller may tell the guard that it
   * is recorded.
   * @param {string} kind
   * @param {Record<string, unknown>} fields
   * @param {Date} [at] the moment of what is told.
   * @returns {Promise<Item>}
   * @throws {DOMException} where the phone has no room left.
   */
  async keep(kind, fields, at = new Date()) {
    const item = {
      uuid: crypto.randomUUID(),
      kind,
      address: this.address,
      owner: this.owner(),
      at: at.toISOString(),
      fields,
    };
    await this.store.put(item);
    await this.counted();
    void this.send();
    return item;
  }

  /** Sends what waits, from one tab at a time; never fails. @returns {Promise<void>} */
  send() {
    this.hasMore = true;
    this.underWay ??= this.sendAll().finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  async sendAll() {
    try {
      while (this.hasMore) {
        this.hasMore = false;
        await alone(() => this.sendWaiting());
      }
    } catch (error) {
      // Another tab may have taken over: then it is the one that sends.
      if (!(error instanceof NoAnswer || isTakenOver(error))) throw error;
    } finally {
      await this.counted();
    }
  }

  async sendWaiting() {
    let most = MOST_ITEMS;
    let renewed = false;
    for (;;) {
      const items = fitting(await this.store.waiting(most));
      if (items.length === 0) return;
      const { status, body } = await this.server.ask(items[0].address, {
        json: { items: items.map(({ fields, address: _, ...head }) => ({ ...fields, ...head })) },
        within_ms: PATIENCE_MS,
      });
      if (status === 200) {
        await this.store.settle(body.taken, body.refused);
        // What is neither waits for the next time, else this would never end.
        if (body.taken.length + body.refused.length === 0) return;
        await this.counted();
      } else if (body?.code === FORM_EXPIRED && !renewed) {
        renewed = true;
        await this.renew();
      } else if (NOT_UNDERSTOOD.includes(status) && body?.code !== FORM_EXPIRED) {
        // One item that no server understands must not hold up the others.
        if (items.length === 1) await this.store.settle([], [refusal(items[0], body)]);
        else most = Math.ceil(items.length / 2);
      } else {
        return;
      }
    }
  }

  async counted() {
    const count = await this.store.waitingCount();
    if (count === this.count) return;
    this.count = count;
    this.dispatchEvent(new Event("changed"));
  }
}

/**
 * Returns the first items that go into one request, all to one address; at least one.
 * @param {Item[]} items
 * @returns {Item[]}
 */
function fitting(items) {
  let [bytes, photos] = [0, 0];
  const end = items.findIndex((item, place) => {
    bytes += new TextEncoder().encode(JSON.stringify(item)).length;
    if (item.fields.photo) photos += 1;
    const isTooMuch = bytes > MOST_BYTES || photos > MOST_PHOTOS;
    return place > 0 && (isTooMuch || item.address !== items[0].address);
  });
  return end < 0 ? items : items.slice(0, end);
}

/**
 * @param {Item} item
 * @param {{code?: string, title?: string} | null} body
 */
function refusal({ uuid }, body) {
  return { uuid, code: body?.code ?? "not_understood", words: body?.title ?? "" };
}

/**
 * Does something while no other tab does it. Browsers without locks rely on the server, which takes
 * each UUID once.
 * @param {() => Promise<void>} act
 * @returns {Promise<void>}
 */
async function alone(act) {
  if (!navigator.locks) return act();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), LONGEST_SENDING_MS);
  try {
    await navigator.locks.request(LOCK, { signal: patience.signal }, () => {
      clearTimeout(timer);
      return act();
    });
  } catch (error) {
    if (!patience.signal.aborted) throw error;
    await navigator.locks.request(LOCK, { steal: true }, act);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {unknown} error */
function isTakenOver(error) {
  return error instanceof DOMException && error.name === "AbortError";
}
