/** A staff member's sign-in, kept as long as the browser's tab. */
import type { StaffMember } from '../../shared/api/types';
import { loadJson, saveJson, tabStore } from '../../shared/storage';

export interface StaffSession {
  readonly token: string;
  readonly expires_at: number;
  readonly staff: StaffMember;
}

const STORAGE_KEY = 'invigil.console.session';

export function loadSession(): StaffSession | null {
  return loadJson(tabStore, STORAGE_KEY) as StaffSession | null;
}

export function saveSession(session: StaffSession | null): void {
  saveJson(tabStore, STORAGE_KEY, session);
}
