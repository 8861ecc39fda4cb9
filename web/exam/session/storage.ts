import type { Session } from '../../shared/api/types';

/** What this device keeps of a sign-in, so that a reload or a crash goes on where it was. */
export interface Kept {
  token: string;
  expires_at: number;
  session: Session;
  /** How far the server's clock is ahead of this computer's, ms: it may be wrong by hours. */
  ahead: number;
  /** The token is that of a device that has proven to run Safe Exam Browser. */
  sealed?: boolean;
}

const NAME = 'invigil.exam';
const DEVICE = 'invigil.device';

export function loadKept(storage: Storage = localStorage): Kept | null {
  try {
    return JSON.parse(storage.getItem(NAME) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

/**
 * The random name of this browser: signing in under the same one goes on with the session, under
 * another one takes over from it. A browser that keeps nothing is another one after a reload.
 */
export function deviceName(storage: Storage = localStorage): string {
  const fresh = crypto.randomUUID();
  try {
    const known = storage.getItem(DEVICE);
    if (known) return known;
    storage.setItem(DEVICE, fresh);
  } catch {
    // Taken over from after a reload, nothing worse.
  }
  return fresh;
}

/** Act when another tab of this browser has signed in or out. */
export function onKeptElsewhere(act: () => void): void {
  window.addEventListener('storage', (event) => event.key === NAME && act());
}

/** Under which name a session's capture plan is kept over a reload. */
export function planName(sessionId: string): string {
  return `invigil.plan.${sessionId}`;
}

export function saveKept(kept: Kept | null, storage: Storage = localStorage): void {
  try {
    if (kept) storage.setItem(NAME, JSON.stringify(kept));
    else storage.removeItem(NAME);
  } catch {
    // A browser that keeps nothing asks for the passcode again after a reload.
  }
}
