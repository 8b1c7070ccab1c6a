// @ts-check
/** The server as the gate's page asks it: time limits, the form's token, the end of a session. */

/** The server gave no answer, or none in time. */
export class NoAnswer extends Error {}

/** @typedef {{status: number, body: any}} Answer `body` is null where it is no JSON. */

const PATIENCE_MS = 20_000;

/** Answers of a proxy whose server is not there. */
const NOBODY_THERE = [502, 503, 504];

/**
 * Speaks with the server. Says `reached` and `unreached` when that changes, and `ended` when nobody
 * is signed in any more.
 */
export class Server extends EventTarget {
  /** @param {string} csrf the form's token, renewed by each sync. */
  constructor(csrf) {
    super();
    this.csrf = csrf;
    this.isReached = navigator.onLine;
    globalThis.addEventListener("offline", () => this.reached(false));
  }

  /**
   * Asks for JSON; with `form` or `json` it is a POST.
   * @param {string} address
   * @param {object} [how]
   * @param {Record<string, string>} [how.form]
   * @param {unknown} [how.json]
   * @param {number} [how.within_ms]
   * @returns {Promise<Answer>}
   * @throws {NoAnswer}
   */
  async ask(address, { form, json, within_ms = PATIENCE_MS } = {}) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), within_ms);
    const headers = new Headers({ Accept: "application/json" });
    const posts = form !== undefined || json !== undefined;
    if (posts) headers.set("X-CSRFToken", this.csrf);
    if (json !== undefined) headers.set("Content-Type", "application/json");
    try {
      const answer = await fetch(address, {
        method: posts ? "POST" : "GET",
        headers,
        body: json === undefined ? form && new URLSearchParams(form) : JSON.stringify(json),
        cache: "no-store",
        signal: limit.signal,
      });
      const isJson = /json/.test(answer.headers.get("Content-Type") ?? "");
      const body = isJson ? await answer.json() : null;
      this.reached(!NOBODY_THERE.includes(answer.status));
      if (answer.status === 401) this.dispatchEvent(new Event("ended"));
      return { status: answer.status, body };
    } catch {
      this.reached(false);
      throw new NoAnswer();
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {boolean} isReached */
  reached(isReached) {
    if (isReached === this.isReached) return;
    this.isReached = isReached;
    this.dispatchEvent(new Event(isReached ? "reached" : "unreached"));
  }
}
