import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeCaches } from './fakes';
import { setExamLock, isExamLocked, clearExamLock } from './examLock';
import { createPageCache } from './pageCache';

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
  caches = new FakeCaches(HERE);
});

function send(address: string): Promise<Response> {
  if (!bucket) return Promise.reject(new TypeError('offline'));
  const body = bucket.get(address);
  return Promise.resolve(new Response(body ?? 'missing', { status: body ? 200 : 404 }));
}

const asCaches = () => caches as unknown as CacheStorage;
const FILES = { '../assets/exam-11111111.js': hashOf('script 1') };
const pageCacheOf = (page: string, files: Record<string, string> = FILES) =>
  createPageCache(
    { page: hashOf(page), files },
    { caches: asCaches(), fetch: send, workerUrl: HERE },
  );
type PageCache = ReturnType<typeof pageCacheOf>;

async function read(pageCache: PageCache, url: string, more: Partial<Request> = {}) {
  const address = url.split(/[?#]/, 1)[0] ?? '';
  const request = { method: 'GET', mode: 'cors' as RequestMode, ...more, url };
  return (await pageCache.respond(request, () => send(address)))?.text();
}
const navigate = (pageCache: PageCache, url = PAGE) => read(pageCache, url, { mode: 'navigate' });

describe('a version of the page on the device', () => {
  it('opens without a network, under any question', async () => {
    const pageCache = pageCacheOf('page 1');
    await pageCache.populate();
    bucket = null;
    expect(await navigate(pageCache, `${PAGE}?nonce=abc`)).toBe('page 1');
    expect(await navigate(pageCache, 'https://pages.test/bucket/exam/')).toBe('page 1');
    expect(await read(pageCache, CONFIG)).toContain('one');
    expect(await read(pageCache, SCRIPT)).toBe('script 1');
  });

  it('is not taken while another one is being published', async () => {
    bucket?.set(PAGE, 'page 2');
    await expect(pageCacheOf('page 1').populate()).rejects.toThrow('another version');
    expect(caches.buckets.size).toBe(0);
  });

  it('is not taken where a part of it is missing', async () => {
    const pageCache = pageCacheOf('page 1', { ...FILES, '../assets/gone-22222222.js': hashOf('') });
    await expect(pageCache.populate()).rejects.toThrow('missing');
    expect(caches.buckets.size).toBe(0);
  });

  it.each([SCRIPT, CONFIG])(
    'is not taken where a login page answered in place of a part of it: %s',
    async (part) => {
      bucket?.set(part, '<html>请先登录网络</html>');
      await expect(pageCacheOf('page 1').populate()).rejects.toThrow('missing');
      expect(caches.buckets.size).toBe(0);
    },
  );

  it('gives way to the newest when no exam is under way', async () => {
    const pageCache = pageCacheOf('page 1');
    await pageCache.populate();
    bucket?.set(PAGE, 'page 2').set(CONFIG, '{"api_url":"two"}');
    expect(await navigate(pageCache)).toBe('page 2');
    expect(await read(pageCache, CONFIG)).toContain('two');
  });

  it('stays as it is while an exam is under way', async () => {
    const pageCache = pageCacheOf('page 1');
    await pageCache.populate();
    await setExamLock(asCaches());
    bucket?.set(PAGE, 'page 2').set(CONFIG, '{"api_url":"two"}');
    expect(await navigate(pageCache)).toBe('page 1');
    expect(await read(pageCache, CONFIG)).toContain('one');
    await clearExamLock(asCaches());
    expect(await navigate(pageCache)).toBe('page 2');
  });

  it('does not take the place of another in the middle of an exam', async () => {
    await pageCacheOf('page 1').populate();
    await setExamLock(asCaches());
    bucket?.set(PAGE, 'page 2');
    await expect(pageCacheOf('page 2').populate(true)).rejects.toThrow('under way');
    await clearExamLock(asCaches());
    await pageCacheOf('page 2').populate(true);
    bucket = null;
    expect(await navigate(pageCacheOf('page 2'))).toBe('page 2');
  });

  it('opens where the bucket answers with an error', async () => {
    const pageCache = pageCacheOf('page 1');
    await pageCache.populate();
    bucket?.delete(PAGE);
    expect(await navigate(pageCache)).toBe('page 1');
  });

  it('takes the older ones away, and nothing else', async () => {
    await pageCacheOf('page 1').populate();
    await setExamLock(asCaches());
    bucket?.set(PAGE, 'page 2');
    const newer = pageCacheOf('page 2');
    await newer.populate();
    await newer.deleteOldVersions();
    expect([...caches.buckets.keys()].some((name) => name.endsWith(hashOf('page 1')))).toBe(false);
    expect(await isExamLocked(asCaches())).toBe(true);
  });

  it('leaves everything else alone: the API, uploads, pictures, other pages', () => {
    const pageCache = pageCacheOf('page 1');
    const ask = (url: string, method = 'GET', mode: RequestMode = 'cors') =>
      pageCache.respond({ method, mode, url }, () => send(url));
    expect(ask('https://pages.test/_aws/api/candidate/session')).toBeNull();
    expect(ask('https://media.test/snapshots/s1/first/1.jpg')).toBeNull();
    expect(ask(PAGE, 'POST')).toBeNull();
    expect(ask('https://pages.test/bucket/help/index.html', 'GET', 'navigate')).toBeNull();
    expect(ask('https://pages.test/bucket/assets/other-33333333.js')).toBeNull();
  });
});

describe('the note that an exam is under way', () => {
  it('ends by itself when nobody ever ended the exam', async () => {
    const startedAt = 1_000_000;
    await setExamLock(asCaches(), startedAt);
    expect(await isExamLocked(asCaches(), startedAt + 3_600_000)).toBe(true);
    expect(await isExamLocked(asCaches(), startedAt + 13 * 3_600_000)).toBe(false);
  });
});
