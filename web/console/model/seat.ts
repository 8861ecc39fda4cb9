/** Which candidates a proctor should look at first, and why. */
import type { LatestCapture, Seat, State, View } from '../../shared/api/types';

export type Group = 'not_started' | 'answering' | 'finished';

const GROUPS: Record<State, Group> = {
  signed_in: 'not_started',
  info_confirmed: 'not_started',
  pledged: 'not_started',
  identity_verified: 'not_started',
  second_view_ready: 'not_started',
  waiting: 'not_started',
  answering: 'answering',
  paused: 'answering',
  reverifying: 'answering',
  submitted: 'finished',
  timed_out: 'finished',
  terminated: 'finished',
  declined: 'finished',
};
const GROUP_ORDER: readonly Group[] = ['answering', 'not_started', 'finished'];

/** A picture older than this, of somebody who is answering, is stale. Milliseconds. */
export const STALE_AFTER = 20_000;
/** Stale pictures are ranked in steps of this length, so that their order stays stable. */
const STALE_STEP = 30_000;

/** Where a session stands, or stands again once its person is verified on another device. */
export const placeOf = (seat: Seat): State => seat.session.resumes_at ?? seat.session.state;

export const groupOf = (seat: Seat): Group => GROUPS[placeOf(seat)];

const PHOTO_CHECK: ReadonlySet<State> = new Set<State>(['pledged', 'reverifying']);

export const identityPending = (seat: Seat): boolean =>
  seat.identity.status === 'pending' && PHOTO_CHECK.has(seat.session.state);

/** Return the severity of the worst open flag, 0 without one. */
export const worstOf = (seat: Seat): number =>
  seat.watch.open_flags.reduce((worst, flag) => Math.max(worst, flag.severity), 0);

export const latestOf = (seat: Seat, view: View): LatestCapture | undefined =>
  seat.watch.latest.find((picture) => picture.view === view);

/** Return how old a view's picture is, counted from the start where none has come; ms. */
export function pictureAge(seat: Seat, view: View, now: number): number {
  const since = latestOf(seat, view)?.at ?? sinceWhen(seat, view);
  return since === null ? 0 : Math.max(0, now - since);
}

function sinceWhen(seat: Seat, view: View): number | null {
  return view === 'first' ? seat.session.started_at : seat.session.second_view_joined_at;
}

/** Return whether a view should have sent a newer picture. Only answering is watched that closely. */
export const isStale = (seat: Seat, view: View, now: number): boolean =>
  seat.session.state === 'answering' && pictureAge(seat, view, now) > STALE_AFTER;

/** Somebody asked to reopen it, and a second person has to decide. */
export const reopeningPending = (seat: Seat): boolean => seat.session.reopen_request !== null;

export const needsAttention = (seat: Seat, now: number): boolean =>
  identityPending(seat) ||
  reopeningPending(seat) ||
  seat.watch.open_flags.length > 0 ||
  isStale(seat, 'first', now);

/** Compare by attention needed, most first; never 0 for two different sessions. */
export function byAttention(now: number): (a: Seat, b: Seat) => number {
  return (a, b) => {
    const [left, right] = [rankOf(a, now), rankOf(b, now)];
    for (const [index, rank] of left.entries()) {
      const difference = (right[index] ?? 0) - rank;
      if (difference !== 0) return difference;
    }
    return byNumber(a, b);
  };
}

function rankOf(seat: Seat, now: number): readonly number[] {
  return [
    identityPending(seat) ? 1 : 0,
    worstOf(seat),
    seat.watch.open_flags.length,
    reopeningPending(seat) ? 1 : 0,
    isStale(seat, 'first', now) ? Math.floor(pictureAge(seat, 'first', now) / STALE_STEP) + 1 : 0,
    -GROUP_ORDER.indexOf(groupOf(seat)),
  ];
}

export function byNumber(a: Seat, b: Seat): number {
  return (
    compare(a.session.admission_number, b.session.admission_number) ||
    compare(a.session.session_id, b.session.session_id)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
