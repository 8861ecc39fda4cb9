import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeCaches } from './fakes';
import { hold, isHeld, release } from './examLock';
import { createShelf } from './pageCache';

const HERE = 'https://pages.test/bucket/exam/sw.js';
const PAGE = 'https://pages.test/bucket/exam/index.html';
const CONFIG = 'https://pages.test/bucket/config.json';
const SCRIPT = 'https://pages.test/bucket/assets/exam-11111111.js';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** What lies in the bucket; `null` where there is no network at all. */
let bucket: Map<string, string> | null;
let caches: FakeCaches;

beforeEach(() => {
  bucket = new Map([
    [PAGE, 'page 1'],
    [CONFIG, '{"api_url":"one"}'],
    [SCRIPT, 'script 1'],
  ]);
  caches = new FakeCaches(HERE, send);
});

function send(address: string): Promise<Response> {
  if (!bucket) return Promise.reject(new TypeError('offline'));
  const found = bucket.get(address);
  return Promise.resolve(new Response(found ?? 'missing', { status: found ? 200 : 404 }));
}

const asCaches = () => caches as unknown as CacheStorage;
const shelfOf = (page: string, files = ['../assets/exam-11111111.js']) =>
  createShelf({ page: hashOf(page), files }, { caches: asCaches(), fetch: send, here: HERE });
type Shelf = ReturnType<typeof shelfOf>;

async function read(shelf: Shelf, url: string, more: Partial<Request> = {}) {
  const address = url.split(/[?#]/, 1)[0] ?? '';
  const request = { method: 'GET', mode: 'cors' as RequestMode, ...more, url };
  return (await shelf.answer(request, () => send(address)))?.text();
}
const navigate = (shelf: Shelf, url = PAGE) => read(shelf, url, { mode: 'navigate' });

describe('a version of the page on the device', () => {
  it('opens without a network, under any question', async () => {
    const shelf = shelfOf('page 1');
    await shelf.fill();
    bucket = null;
    expect(await navigate(shelf, `${PAGE}?nonce=abc`)).toBe('page 1');
    expect(await navigate(shelf, 'https://pages.test/bucket/exam/')).toBe('page 1');
    expect(await read(shelf, CONFIG)).toContain('one');
    expect(await read(shelf, SCRIPT)).toBe('script 1');
  });

  it('is not taken while another one is being published', async () => {
    bucket?.set(PAGE, 'page 2');
    await expect(shelfOf('page 1').fill()).rejects.toThrow('another version');
    expect(caches.held.size).toBe(0);
  });

  it('is not taken where a part of it is missing', async () => {
    const shelf = shelfOf('page 1', ['../assets/exam-11111111.js', '../assets/gone-22222222.js']);
    await expect(shelf.fill()).rejects.toThrow('missing');
  });

  it('gives way to the newest when no exam is under way', async () => {
    const shelf = shelfOf('page 1');
    await shelf.fill();
    bucket?.set(PAGE, 'page 2').set(CONFIG, 'two');
    expect(await navigate(shelf)).toBe('page 2');
    expect(await read(shelf, CONFIG)).toBe('two');
  });

  it('stays as it is while an exam is under way', async () => {
    const shelf = shelfOf('page 1');
    await shelf.fill();
    await hold(asCaches());
    bucket?.set(PAGE, 'page 2').set(CONFIG, 'two');
    expect(await navigate(shelf)).toBe('page 1');
    expect(await read(shelf, CONFIG)).toContain('one');
    await release(asCaches());
    expect(await navigate(shelf)).toBe('page 2');
  });

  it('does not take the place of another in the middle of an exam', async () => {
    await shelfOf('page 1').fill();
    await hold(asCaches());
    bucket?.set(PAGE, 'page 2');
    await expect(shelfOf('page 2').fill(true)).rejects.toThrow('under way');
    await release(asCaches());
    await shelfOf('page 2').fill(true);
    bucket = null;
    expect(await navigate(shelfOf('page 2'))).toBe('page 2');
  });

  it('opens where the bucket answers with an error', async () => {
    const shelf = shelfOf('page 1');
    await shelf.fill();
    bucket?.delete(PAGE);
    expect(await navigate(shelf)).toBe('page 1');
  });

  it('takes the older ones away, and nothing else', async () => {
    await shelfOf('page 1').fill();
    await hold(asCaches());
    bucket?.set(PAGE, 'page 2');
    const newer = shelfOf('page 2');
    await newer.fill();
    await newer.tidy();
    expect([...caches.held.keys()].some((name) => name.endsWith(hashOf('page 1')))).toBe(false);
    expect(await isHeld(asCaches())).toBe(true);
  });

  it('leaves everything else alone: the API, uploads, pictures, other pages', () => {
    const shelf = shelfOf('page 1');
    const ask = (url: string, method = 'GET', mode: RequestMode = 'cors') =>
      shelf.answer({ method, mode, url }, () => send(url));
    expect(ask('https://pages.test/_aws/api/candidate/session')).toBeNull();
    expect(ask('https://media.test/snapshots/s1/first/1.jpg')).toBeNull();
    expect(ask(PAGE, 'POST')).toBeNull();
    expect(ask('https://pages.test/bucket/help/index.html', 'GET', 'navigate')).toBeNull();
    expect(ask('https://pages.test/bucket/assets/other-33333333.js')).toBeNull();
  });
});

describe('the note that an exam is under way', () => {
  it('ends by itself when nobody ever ended the exam', async () => {
    const began = 1_000_000;
    await hold(asCaches(), began);
    expect(await isHeld(asCaches(), began + 3_600_000)).toBe(true);
    expect(await isHeld(asCaches(), began + 13 * 3_600_000)).toBe(false);
  });
});
