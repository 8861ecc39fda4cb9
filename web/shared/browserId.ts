const BROWSER_ID_KEY = 'invigil.device';

/**
 * The random name of this browser: signing in under the same one goes on with the session, under
 * another one takes over from it. A browser that keeps nothing is another one after a reload.
 */
export function browserId(storage: Storage = localStorage): string {
  const newId = crypto.randomUUID();
  try {
    const stored = storage.getItem(BROWSER_ID_KEY);
    if (stored) return stored;
    storage.setItem(BROWSER_ID_KEY, newId);
  } catch {
    // Taken over from after a reload, nothing worse.
  }
  return newId;
}
