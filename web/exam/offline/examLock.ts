/** The note that an exam is under way in this browser: the page and its worker both read it. */
const NOTES = 'invigil-exam-held';
/** Under the page's own folder, for both; nothing is there but the note. */
const NOTE = './held';
/** Longer than any sitting: what was never ended does not keep an old page for ever. */
const LONGEST_MS = 12 * 3_600_000;

/** Note that the page is to stay as it is from now on. */
export async function hold(caches: CacheStorage, now = Date.now()): Promise<void> {
  const notes = await caches.open(NOTES);
  await notes.put(NOTE, new Response(String(now + LONGEST_MS)));
}

/** The exam is over: the page may change again. */
export async function release(caches: CacheStorage): Promise<void> {
  await caches.delete(NOTES);
}

/** Whether an exam is under way. */
export async function isHeld(caches: CacheStorage, now = Date.now()): Promise<boolean> {
  const note = await caches.match(NOTE, { cacheName: NOTES });
  return note !== undefined && Number(await note.text()) > now;
}
