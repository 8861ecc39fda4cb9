/** The note that an exam is under way in this browser: the page and its worker both read it. */
const CACHE_NAME = 'invigil-exam-held';
/** Under the page's own folder, for both; nothing is there but the note. */
const ENTRY = './held';
/** Longer than any sitting: what was never ended does not keep an old page for ever. */
const MAX_LOCK_MS = 12 * 3_600_000;

/** Record that the page must stay as it is from now on. */
export async function setExamLock(caches: CacheStorage, now = Date.now()): Promise<void> {
  const cache = await caches.open(CACHE_NAME);
  await cache.put(ENTRY, new Response(String(now + MAX_LOCK_MS)));
}

/** The exam is over: the page may change again. */
export async function clearExamLock(caches: CacheStorage): Promise<void> {
  await caches.delete(CACHE_NAME);
}

/** Whether an exam is under way. */
export async function isExamLocked(caches: CacheStorage, now = Date.now()): Promise<boolean> {
  const entry = await caches.match(ENTRY, { cacheName: CACHE_NAME });
  return entry !== undefined && Number(await entry.text()) > now;
}
