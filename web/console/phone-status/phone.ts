/** How a candidate's phone is, as far as the console knows. */
import { groupOf, latestOf } from '../model/seat';
import type { Seat } from '../types';

export type PhoneStanding = 'none' | 'lost' | 'live' | 'hidden';

/** A picture that came is a sign of life too. */
const SILENT_MS = 45_000;

export function phoneStanding(seat: Seat, now: number): PhoneStanding {
  const { phone } = seat.devices;
  if (!phone) return 'none';
  const pictured = latestOf(seat, 'second')?.at ?? 0;
  if (now >= Math.max(phone.lost_at, pictured + SILENT_MS)) return 'lost';
  return phone.visible ? 'live' : 'hidden';
}

/** What is wrong with the phone of somebody whose exam is not over; null where nothing is. */
export function phoneTrouble(seat: Seat, now: number): 'lost' | 'hidden' | 'low' | null {
  if (groupOf(seat) === 'finished') return null;
  const standing = phoneStanding(seat, now);
  if (standing === 'lost' || standing === 'hidden') return standing;
  return seat.devices.phone?.battery_low ? 'low' : null;
}
