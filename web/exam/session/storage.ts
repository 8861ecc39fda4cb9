import type { Session } from '../../shared/api/types';

/** What this device keeps of a sign-in, so that a reload or a crash goes on where it was. */
export interface StoredSession {
  token: string;
  expires_at: number;
  session: Session;
  /** How far the server's clock is ahead of this computer's, ms: it may be wrong by hours. */
  ahead: number;
  /** The token is that of a device that has proven to run Safe Exam Browser. */
  sebVerified?: boolean;
}

const SESSION_KEY = 'invigil.exam';

export function loadSession(storage: Storage = localStorage): StoredSession | null {
  try {
    return JSON.parse(storage.getItem(SESSION_KEY) ?? 'null') as StoredSession | null;
  } catch {
    return null;
  }
}

/** Act when another tab of this browser has signed in or out. */
export function onSessionStoredElsewhere(callback: () => void): void {
  window.addEventListener('storage', (event) => event.key === SESSION_KEY && callback());
}

/** Under which name a session's capture plan is kept over a reload. */
export function planKey(sessionId: string): string {
  return `invigil.plan.${sessionId}`;
}

export function saveSession(session: StoredSession | null, storage: Storage = localStorage): void {
  try {
    if (session) storage.setItem(SESSION_KEY, JSON.stringify(session));
    else storage.removeItem(SESSION_KEY);
  } catch {
    // A browser that keeps nothing asks for the passcode again after a reload.
  }
}
