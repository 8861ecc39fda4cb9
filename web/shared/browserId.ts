import { deviceStore } from './storage';

const BROWSER_ID_KEY = 'invigil.device';

/**
 * The random name of this browser: signing in under the same one goes on with the session, under
 * another one takes over from it. A browser that keeps nothing is another one in another tab.
 */
export function browserId(): string {
  const stored = deviceStore.get(BROWSER_ID_KEY);
  if (stored) return stored;
  const newId = crypto.randomUUID();
  deviceStore.set(BROWSER_ID_KEY, newId);
  return newId;
}
