// @ts-check
/**
 * Keeps the guard's pages and all that they are made of on the phone.
 *
 * `app/service_worker.py` writes `self.kept` before this text: the version, which comes from the
 * content of the files, and the files with their digests. What is kept of one version is whole: a
 * page is kept only with the files that it was made for.
 */

/**
 * @typedef {object} Kept
 * @property {string} version
 * @property {Record<string, string>} files digest of each file, by its path among the assets.
 * @property {string[]} pages paths, the one to fall back on first.
 * @property {string} assets path of the files by version: `assets` + version + "/" + file.
 * @property {Record<string, string>} addresses files by the addresses that every page knows them by.
 * @property {string} versionHeader names the version that a page was made for.
 * @typedef {Event & {waitUntil(work: Promise<unknown>): void}} Extendable
 * @typedef {Extendable & {request: Request, respondWith(answer: Promise<Response>): void}} Fetching
 * @typedef {Extendable & {data: {fill?: true}}} Told
 */

{
  const worker =
    /** @type {{kept: Kept, skipWaiting(): Promise<void>, clients: {claim(): Promise<void>}}} */ (
      /** @type {unknown} */ (self)
    );
  const { kept } = worker;

  const PREFIX = "gate-";
  const CODE = `${PREFIX}${kept.version}`;

  /** Where to look for a page; unlike `open`, looking makes no cache on a phone that forgot all. */
  const MINE = { cacheName: CODE };

  /** With one bar of signal a page may come never: then the one on the phone is shown. */
  const PAGE_PATIENCE_MS = 3000;

  /** @param {string} name @param {(event: any) => void} listener */
  const on = (name, listener) => self.addEventListener(name, listener);

  on("install", (/** @type {Extendable} */ event) => {
    event.waitUntil(fill().then(() => worker.skipWaiting()));
  });

  on("activate", (/** @type {Extendable} */ event) => {
    event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
  });

  on("message", (/** @type {Told} */ event) => {
    // A phone on which nobody was signed in has forgotten all.
    if (event.data.fill) event.waitUntil(fill());
  });

  on("fetch", (/** @type {Fetching} */ event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== location.origin) return;
    const { file, isOurs } = asset(url);
    if (request.mode === "navigate") event.respondWith(page(event, url));
    else if (file !== null) event.respondWith(isOurs ? ours(request, file) : others(request, file));
  });

  /**
   * Returns the file that an address means, and whether it is the one that is kept.
   * @param {URL} url
   * @returns {{file: string | null, isOurs: boolean}}
   */
  function asset({ pathname, search }) {
    const named = kept.addresses[pathname + search];
    if (named) return { file: named, isOurs: true };
    if (!pathname.startsWith(kept.assets)) {
      return { file: kept.addresses[pathname] ?? null, isOurs: false };
    }
    const [version, ...path] = pathname.slice(kept.assets.length).split("/");
    const file = path.join("/");
    return { file: file in kept.files ? file : null, isOurs: version === kept.version };
  }

  /** @param {string} file */
  const keyOf = (file) => `${kept.assets}${kept.files[file]}/${file}`;

  /** Fetches what is missing; of an older version it takes what has not changed. */
  async function fill() {
    const cache = await caches.open(CODE);
    await Promise.all(Object.keys(kept.files).map((file) => keepFile(cache, file)));
    await Promise.all(kept.pages.map((path) => keepPage(cache, path)));
  }

  /** @param {Cache} cache @param {string} file */
  async function keepFile(cache, file) {
    const key = keyOf(file);
    if (await cache.match(key)) return;
    const before = await caches.match(key);
    await cache.put(key, before ?? (await fetched(file)));
  }

  /**
   * Fetches a file. Its content is what its digest says: an installation that is in the middle of
   * an update gives no mixture.
   * @param {string} file
   */
  async function fetched(file) {
    const answer = await fetch(`${kept.assets}${kept.version}/${file}`, { cache: "no-cache" });
    const content = await answer.arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!answer.ok || !hex.startsWith(kept.files[file])) throw new Error(`not kept: ${file}`);
    // Without an address of its own a module takes the one that it is asked for by.
    return new Response(content, { headers: plain(answer.headers) });
  }

  /** @param {Headers} headers of an answer whose content is no longer packed. */
  function plain(headers) {
    const left = new Headers(headers);
    for (const name of ["Content-Encoding", "Content-Length", "Set-Cookie"]) left.delete(name);
    return left;
  }

  /** @param {Cache} cache @param {string} path */
  async function keepPage(cache, path) {
    if (await cache.match(path)) return;
    const answer = await fetch(path, { redirect: "manual", cache: "no-store" });
    if (isOurPage(answer)) await cache.put(path, answer);
  }

  /** @param {Response} answer */
  function isOurPage(answer) {
    return answer.ok && answer.headers.get(kept.versionHeader) === kept.version;
  }

  async function forgetOthers() {
    const names = await caches.keys();
    const others = names.filter((name) => name.startsWith(PREFIX) && name !== CODE);
    await Promise.all(others.map((name) => caches.delete(name)));
  }

  /**
   * A page: from the network, else the one on the phone; where there is none of it, the first page.
   * @param {Fetching} event
   * @param {URL} url
   */
  async function page(event, { pathname }) {
    const fresh = fetch(event.request).then(async (answer) => {
      if (kept.pages.includes(pathname) && isOurPage(answer)) {
        await (await caches.open(CODE)).put(pathname, answer.clone());
      }
      return answer;
    });
    event.waitUntil(fresh.catch(() => null));
    const mine = await caches.match(pathname, MINE);
    if (mine) return Promise.race([orKept(fresh, mine), later(mine)]);
    try {
      return await fresh;
    } catch (error) {
      if (await caches.match(kept.pages[0], MINE)) return Response.redirect(`${kept.pages[0]}#no-network`);
      throw error;
    }
  }

  /** @param {Promise<Response>} fresh @param {Response} mine */
  async function orKept(fresh, mine) {
    try {
      const answer = await fresh;
      return answer.status >= 500 ? mine : answer;
    } catch {
      return mine;
    }
  }

  /** @param {Response} mine @returns {Promise<Response>} */
  function later(mine) {
    return new Promise((resolve) => setTimeout(() => resolve(mine), PAGE_PATIENCE_MS));
  }

  /** A file of this version: from the phone. @param {Request} request @param {string} file */
  async function ours(request, file) {
    return (await caches.match(keyOf(file))) ?? fetch(request);
  }

  /** A file of whatever version: from the network first. @param {Request} request @param {string} file */
  async function others(request, file) {
    try {
      return await fetch(request);
    } catch (error) {
      const mine = await caches.match(keyOf(file));
      if (mine) return mine;
      throw error;
    }
  }
}
