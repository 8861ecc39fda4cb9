/** The queues of several rooms as one list of entries, and what the tabs show of it. */
import type { Flag, FlagKind, Review, ReviewQueue } from '../../shared/api/types';

export type Tab = 'waiting' | 'second' | 'settled';
export const TABS: readonly Tab[] = ['waiting', 'second', 'settled'];

/** An event that waits, or a review; both look alike in the list. */
export interface Entry {
  readonly key: string;
  readonly roomId: string;
  readonly sessionId: string;
  readonly name: string;
  readonly number: string;
  readonly severity: number;
  readonly beganAt: number;
  readonly endedAt: number | null;
  readonly kinds: readonly FlagKind[];
  /** Empty for a review, whose flags are known by their ids. */
  readonly flags: readonly Flag[];
  readonly flagIds: readonly string[];
  readonly review: Review | null;
}

export type Lists = Record<Tab, Entry[]>;

export function buildLists(queues: readonly ReviewQueue[]): Lists {
  const waiting = queues.flatMap((queue) =>
    queue.events.map((event): Entry => ({
      key: `${event.session_id}/${event.flags[0]?.flag_id ?? ''}`,
      roomId: queue.room_id,
      sessionId: event.session_id,
      name: event.candidate_name,
      number: event.admission_number,
      severity: event.severity,
      beganAt: event.began_at,
      endedAt: event.ended_at,
      kinds: [...new Set(event.flags.map((flag) => flag.kind))],
      flags: event.flags,
      flagIds: event.flags.map((flag) => flag.flag_id),
      review: null,
    })),
  );
  const reviews = (part: 'reviews' | 'settled') =>
    queues.flatMap((queue) =>
      queue[part].map(({ candidate_name, admission_number, review }): Entry => ({
        key: `${review.session_id}/${review.review_id}`,
        roomId: queue.room_id,
        sessionId: review.session_id,
        name: candidate_name,
        number: admission_number,
        severity: review.severity,
        beganAt: review.began_at,
        endedAt: review.ended_at,
        kinds: review.kinds,
        flags: [],
        flagIds: review.flag_ids,
        review,
      })),
    );
  return {
    waiting: waiting.sort(urgency),
    second: reviews('reviews').sort(urgency),
    settled: reviews('settled').sort((a, b) => decidedAt(b) - decidedAt(a)),
  };
}

const urgency = (a: Entry, b: Entry) => b.severity - a.severity || a.beganAt - b.beganAt;
const decidedAt = (entry: Entry) => entry.review?.decisions.at(-1)?.at ?? 0;

/** The entry to select after a change: the same, else the one that took its place. */
export function selectedAfter(
  list: readonly Entry[],
  key: string | null,
  place: number,
): Entry | null {
  const same = list.find((entry) => entry.key === key);
  return same ?? list[Math.min(Math.max(place, 0), list.length - 1)] ?? null;
}
