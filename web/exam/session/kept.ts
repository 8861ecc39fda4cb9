import type { Session } from '../../shared/api/types';

/** What this device keeps of a sign-in, so that a reload or a crash goes on where it was. */
export interface Kept {
  token: string;
  expires_at: number;
  session: Session;
}

const NAME = 'invigil.exam';

export function loadKept(storage: Storage = localStorage): Kept | null {
  try {
    return JSON.parse(storage.getItem(NAME) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
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
