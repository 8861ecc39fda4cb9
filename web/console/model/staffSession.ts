/** A staff member's sign-in, kept as long as the browser's tab. */
import type { StaffMember } from '../../shared/api/types';

export interface StaffSession {
  readonly token: string;
  readonly expires_at: number;
  readonly staff: StaffMember;
}

const STORAGE_KEY = 'invigil.console.session';

export function loadSession(): StaffSession | null {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null') as StaffSession | null;
  } catch {
    return null;
  }
}

export function saveSession(session: StaffSession | null): void {
  if (session) sessionStorage.setItem(STORAGE_KEY, JSON.stringify(session));
  else sessionStorage.removeItem(STORAGE_KEY);
}
