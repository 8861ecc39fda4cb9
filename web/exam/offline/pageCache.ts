import { sha256 } from '../../shared/sha256';
import { isExamLocked } from './examLock';

/** What one version of the page consists of; known once everything else is built. */
export interface PageManifest {
  /** SHA-256 of index.html, which names everything else by its hash: the version. */
  page: string;
  /** Everything the page may load, relative to it, each with its SHA-256. */
  files: Record<string, string>;
}

/** What a worker works with. */
export interface PageCacheOptions {
  caches: CacheStorage;
  fetch: (address: string, init?: RequestInit) => Promise<Response>;
  /** Where the worker's own script lies: beside index.html. */
  workerUrl: string;
}

const VERSIONS = 'invigil-exam-page-';
const PAGE = 'index.html';
const CONFIG = '../config.json';

/**
 * One version of the exam page, whole, on this device.
 *
 * While an exam is under way the page comes from here and does not change. Otherwise the network
 * comes first. Only what `contents` lists is ever kept: no answer of the API, and no picture.
 */
export function createPageCache(
  { page, files }: PageManifest,
  { caches, fetch, workerUrl }: PageCacheOptions,
) {
  const name = `${VERSIONS}${page}`;
  const address = (file: string) => new URL(file, workerUrl).href;
  const [index, config] = [address(PAGE), address(CONFIG)];
  const folder = address('.');
  const hashes = new Map(Object.entries(files).map(([file, hash]) => [address(file), hash]));

  const cachedResponse = (url: string) => caches.match(url, { cacheName: name });

  /**
   * Cache everything or fail: a version is not used that is incomplete or holds what something
   * between answered in the bucket's place, nor one that would take the place of another
   * (`active`) in the middle of an exam. It is tried again later.
   */
  async function populate(active = false): Promise<void> {
    if (active && (await isExamLocked(caches))) throw new Error('an exam is under way');
    const response = await fetch(index, { cache: 'no-cache' });
    if ((await hashOf(response)) !== page) throw new Error('another version is published');
    const parts = await Promise.all([...hashes, [config, null] as const].map(fetchPart));
    const cache = await caches.open(name);
    await cache.put(index, response);
    for (const [url, part] of parts) await cache.put(url, part);
  }

  async function fetchPart([url, hash]: readonly [string, string | null]) {
    const part = await fetch(url, hash === null ? { cache: 'no-cache' } : {});
    const isWhole = hash === null ? await isJson(part) : (await hashOf(part)) === hash;
    if (!part.ok || !isWhole) throw new Error(`missing: ${url}`);
    return [url, part] as const;
  }

  /** Delete the other versions. */
  async function deleteOldVersions(): Promise<void> {
    const others = (await caches.keys()).filter(
      (version) => version.startsWith(VERSIONS) && version !== name,
    );
    await Promise.all(others.map((version) => caches.delete(version)));
  }

  /** The page itself, and where its API is: in an exam as at its beginning, else the newest. */
  async function networkFirst(url: string, send: () => Promise<Response>): Promise<Response> {
    if (await isExamLocked(caches)) return (await cachedResponse(url)) ?? send();
    const respond = await send().catch(() => null);
    return respond?.ok ? respond : ((await cachedResponse(url)) ?? respond ?? Response.error());
  }

  /** Respond to a request of the page; null where it is not handled here. */
  function respond(
    request: Pick<Request, 'method' | 'mode' | 'url'>,
    send: () => Promise<Response>,
  ): Promise<Response> | null {
    if (request.method !== 'GET') return null;
    const [path = ''] = request.url.split(/[?#]/, 1);
    if (request.mode === 'navigate') {
      return path === index || path === folder ? networkFirst(index, send) : null;
    }
    if (path === config) return networkFirst(config, send);
    if (hashes.has(path)) return cachedResponse(path).then((cached) => cached ?? send());
    return null;
  }

  return { populate, deleteOldVersions, respond };
}

const hashOf = async (response: Response) => sha256(await response.clone().arrayBuffer());

const isJson = (response: Response) =>
  response
    .clone()
    .json()
    .then(
      () => true,
      () => false,
    );
