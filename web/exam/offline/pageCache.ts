import { sha256 } from '../../shared/sha256';
import { isHeld } from './examLock';

/** What one version of the page consists of; known once everything else is built. */
export interface Contents {
  /** SHA-256 of index.html, which names everything else by its hash: the version. */
  page: string;
  /** Everything the page may load, relative to it; each name holds its own hash. */
  files: string[];
}

/** What a worker works with. */
export interface Around {
  caches: CacheStorage;
  fetch: (address: string, init?: RequestInit) => Promise<Response>;
  /** Where the worker's own script lies: beside index.html. */
  here: string;
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
export function createShelf({ page, files }: Contents, { caches, fetch, here }: Around) {
  const name = `${VERSIONS}${page}`;
  const address = (file: string) => new URL(file, here).href;
  const [index, config] = [address(PAGE), address(CONFIG)];
  const folder = address('.');
  const hashed = new Set(files.map(address));

  const kept = (found: string) => caches.match(found, { cacheName: name });

  /**
   * Put everything on the shelf, or fail: a version that is not whole is not used, nor one that
   * would take the place of another (`active`) in the middle of an exam. It is tried again later.
   */
  async function fill(active = false): Promise<void> {
    if (active && (await isHeld(caches))) throw new Error('an exam is under way');
    const read = await fetch(index, { cache: 'no-cache' });
    if ((await sha256(await read.clone().arrayBuffer())) !== page)
      throw new Error('another version is published');
    const cache = await caches.open(name);
    await cache.put(index, read);
    await cache.addAll([...hashed, config]);
  }

  /** Take the other versions off. */
  async function tidy(): Promise<void> {
    const others = (await caches.keys()).filter(
      (version) => version.startsWith(VERSIONS) && version !== name,
    );
    await Promise.all(others.map((version) => caches.delete(version)));
  }

  /** The page itself, and where its API is: in an exam as at its beginning, else the newest. */
  async function steady(found: string, send: () => Promise<Response>): Promise<Response> {
    if (await isHeld(caches)) return (await kept(found)) ?? send();
    const answer = await send().catch(() => null);
    return answer?.ok ? answer : ((await kept(found)) ?? answer ?? Response.error());
  }

  /** Answer a request of the page, or null where it goes its own way. */
  function answer(
    request: Pick<Request, 'method' | 'mode' | 'url'>,
    send: () => Promise<Response>,
  ): Promise<Response> | null {
    if (request.method !== 'GET') return null;
    const [wanted = ''] = request.url.split(/[?#]/, 1);
    if (request.mode === 'navigate') {
      return wanted === index || wanted === folder ? steady(index, send) : null;
    }
    if (wanted === config) return steady(config, send);
    if (hashed.has(wanted)) return kept(wanted).then((found) => found ?? send());
    return null;
  }

  return { fill, tidy, answer };
}
