/** In which order the wall shows its candidates: by who needs somebody, or as a person looks for them. */
import type { Seat } from '../../shared/api/types';
import { byAttention, byNumber } from '../model/seat';

export const ORDERS = ['attention', 'number', 'time'] as const;
export type Order = (typeof ORDERS)[number];

/** Compare by the chosen order; never 0 for two different sessions. */
export function compareBy(order: Order, now: number): (a: Seat, b: Seat) => number {
  if (order === 'attention') return byAttention(now);
  if (order === 'number') return byNumber;
  return (a, b) => endOf(a) - endOf(b) || byNumber(a, b);
}

/** Whose clock does not run comes last. */
function endOf(seat: Seat): number {
  const { state, ends_at } = seat.session;
  return state === 'answering' && ends_at !== null ? ends_at : Number.MAX_SAFE_INTEGER;
}

/** The one after another in a list, the first after the last. */
export function nextOf<Item>(list: readonly Item[], item: Item): Item {
  return list[(list.indexOf(item) + 1) % list.length] ?? item;
}
