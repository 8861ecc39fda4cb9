/** How a candidate's phone is, as far as the console knows. */
import { groupOf, latestOf } from './seat';
import type { Seat } from '../../shared/api/types';

export type PhoneStatus = 'none' | 'lost' | 'live' | 'hidden';

/** A picture that came is a sign of life too. */
const SILENT_MS = 45_000;

export function phoneStatus(seat: Seat, now: number): PhoneStatus {
  const { phone } = seat.devices;
  if (!phone) return 'none';
  const lastPictureAt = latestOf(seat, 'second')?.at ?? 0;
  if (now >= Math.max(phone.lost_at, lastPictureAt + SILENT_MS)) return 'lost';
  return phone.visible ? 'live' : 'hidden';
}

/** What is wrong with the phone of somebody whose exam is not over; null where nothing is. */
export function phoneProblem(seat: Seat, now: number): 'lost' | 'hidden' | 'low' | null {
  if (groupOf(seat) === 'finished') return null;
  const status = phoneStatus(seat, now);
  if (status === 'lost' || status === 'hidden') return status;
  return seat.devices.phone?.battery_low ? 'low' : null;
}
