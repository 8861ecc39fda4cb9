/** What of a room the wall shows: one filter and a search by name or admission number. */
import type { Seat } from '../../shared/api/types';
import { groupOf, needsAttention } from '../model/seat';

export const FILTERS = ['all', 'attention', 'answering', 'not_started', 'finished'] as const;
export type Filter = (typeof FILTERS)[number];

export function matchesFilter(seat: Seat, filter: Filter, now: number): boolean {
  if (filter === 'all') return true;
  return filter === 'attention' ? needsAttention(seat, now) : groupOf(seat) === filter;
}

/** Return whether every word of a search is in the name or the admission number. */
export function matchesSearch(seat: Seat, search: string): boolean {
  const text = `${seat.session.candidate_name} ${seat.session.admission_number}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Return how many seats each filter would show. */
export function countByFilter(seats: readonly Seat[], now: number): Record<Filter, number> {
  const count = (filter: Filter) => seats.filter((seat) => matchesFilter(seat, filter, now)).length;
  return {
    all: seats.length,
    attention: count('attention'),
    answering: count('answering'),
    not_started: count('not_started'),
    finished: count('finished'),
  };
}
