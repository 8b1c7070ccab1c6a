// @ts-check
/**
 * What the phone keeps in IndexedDB: the snapshot, what waits to be sent, and what was refused.
 */

import { openDB } from "../vendor/idb/index.js";

/** @typedef {import("./known.js").Snapshot} Snapshot */

/**
 * A pass, a visit, a note or a report on its way to the server.
 * @typedef {object} Item
 * @property {string} uuid given on this phone, once.
 * @property {string} kind
 * @property {string} address where it goes.
 * @property {number} owner id of the guard who made it, whoever sends it.
 * @property {string} at ISO moment by the phone's clock, never that of the sending.
 * @property {Record<string, unknown>} fields
 */

/** An item that the server did not take, and why. @typedef {Item & {code: string, words: string}} Refused */

/**
 * @typedef {import("idb").DBSchema & {
 *   snapshot: {key: string, value: Snapshot},
 *   outbox: {key: string, value: Item, indexes: {at: string}},
 *   log: {key: string, value: Refused, indexes: {at: string}},
 * }} Schema
 */

const CURRENT = "current";
/** Refused items that are kept, the newest. */
const LONGEST_LOG = 200;
/** On the disk before the guard is told that it is recorded. */
const STRICT = /** @type {IDBTransactionOptions} */ ({ durability: "strict" });

/**
 * Returns the phone's store, made on first use.
 * @returns {Promise<Store>}
 * @throws {DOMException} where the browser keeps nothing.
 */
export async function openStore() {
  const database = /** @type {import("idb").IDBPDatabase<Schema>} */ (
    await openDB("gate", 1, {
      upgrade(made) {
        made.createObjectStore("snapshot");
        made.createObjectStore("outbox", { keyPath: "uuid" }).createIndex("at", "at");
        made.createObjectStore("log", { keyPath: "uuid" }).createIndex("at", "at");
      },
      blocking: (_now, _wanted, event) =>
        /** @type {IDBDatabase} */ (event.target).close(),
    })
  );
  return new Store(database);
}

export class Store {
  /** @param {import("idb").IDBPDatabase<Schema>} database */
  constructor(database) {
    this.database = database;
  }

  /** @returns {Promise<Snapshot | null>} */
  async snapshot() {
    return (await this.database.get("snapshot", CURRENT)) ?? null;
  }

  /** @param {Snapshot} snapshot */
  async keepSnapshot(snapshot) {
    await this.database.put("snapshot", snapshot, CURRENT);
  }

  /** Keeps an item until the server has it. @param {Item} item */
  async put(item) {
    const writing = this.database.transaction("outbox", "readwrite", STRICT);
    await Promise.all([writing.store.put(item), writing.done]);
  }

  /** @returns {Promise<number>} how many items wait. */
  waitingCount() {
    return this.database.count("outbox");
  }

  /** Returns items that wait, the oldest first. @param {number} most */
  waiting(most) {
    return this.database.getAllFromIndex("outbox", "at", null, most);
  }

  /**
   * Lets items leave the outbox, those that were refused for the log; others stay.
   * @param {string[]} taken UUIDs.
   * @param {{uuid: string, code: string, words: string}[]} refused
   */
  async settle(taken, refused) {
    const writing = this.database.transaction(["outbox", "log"], "readwrite", STRICT);
    const [outbox, log] = [writing.objectStore("outbox"), writing.objectStore("log")];
    for (const uuid of taken) outbox.delete(uuid);
    for (const { uuid, code, words } of refused) {
      const item = await outbox.get(uuid);
      if (item === undefined) continue;
      log.put({ ...item, code, words });
      outbox.delete(uuid);
    }
    for (const old of (await log.index("at").getAllKeys()).slice(0, -LONGEST_LOG)) log.delete(old);
    await writing.done;
  }

  /** Returns what was refused on this phone, the oldest first. @returns {Promise<Refused[]>} */
  refused() {
    return this.database.getAllFromIndex("log", "at");
  }
}
