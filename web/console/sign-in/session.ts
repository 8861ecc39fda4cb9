/** A staff member's sign-in, kept as long as the browser's tab. */
import type { Staff } from '../types';

export interface StaffSession {
  readonly token: string;
  readonly expires_at: number;
  readonly staff: Staff;
}

const KEPT = 'invigil.console.session';

export function keptSession(): StaffSession | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as StaffSession | null;
  } catch {
    return null;
  }
}

export function keepSession(session: StaffSession | null): void {
  if (session) sessionStorage.setItem(KEPT, JSON.stringify(session));
  else sessionStorage.removeItem(KEPT);
}
