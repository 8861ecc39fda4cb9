/** What staff may do to an exam, and when. */
import type { Seat, State } from '../../shared/api/types';

/** What a proctor may do to a running exam. */
export type SessionAction = 'pause' | 'resume' | 'extend' | 'face' | 'room' | 'terminate';
/** What leads to another attempt of an ended official exam, and what does not. */
export type ReopenAction = 'reopen' | 'approve' | 'refuse' | 'withdraw';
export type Action = SessionAction | ReopenAction;

const RUNNING: readonly State[] = ['answering', 'paused'];
const WATCHED: readonly State[] = ['waiting', 'answering', 'paused'];
const ALLOWED_STATES: Record<SessionAction, readonly State[]> = {
  pause: ['answering'],
  resume: ['paused'],
  extend: RUNNING,
  face: WATCHED,
  room: WATCHED,
  terminate: RUNNING,
};

export const ACTIONS: readonly SessionAction[] = [
  'pause',
  'resume',
  'extend',
  'face',
  'room',
  'terminate',
];

const AT_THE_DEVICE: ReadonlySet<SessionAction> = new Set<SessionAction>(['face', 'room']);

/**
 * Return whether an action is possible. While the person is verified on another device, the clock is
 * handled where the session stood; nothing is asked of the candidate beside the photo.
 */
export function isAllowed(
  action: SessionAction,
  state: State,
  resumesAt: State | null = null,
): boolean {
  if (state !== 'reverifying') return ALLOWED_STATES[action].includes(state);
  return !AT_THE_DEVICE.has(action) && resumesAt !== null && isAllowed(action, resumesAt);
}

/** Acts that need a reason in words, with the keys of those that come ready-made. */
export const TEMPLATES: Partial<Record<Action, readonly string[]>> = {
  pause: ['camera', 'people', 'device', 'network'],
  extend: ['network', 'device', 'interrupted'],
  terminate: ['substitute', 'device', 'help', 'left'],
  reopen: ['mistake', 'fault', 'revised'],
  refuse: ['rightly', 'unclear'],
  withdraw: ['settled', 'mistaken'],
};
/** Acts whose reason the candidate reads; of the others staff and the record alone. */
export const TOLD_TO_CANDIDATE: ReadonlySet<Action> = new Set<Action>([
  'pause',
  'extend',
  'terminate',
]);

export const EXTENSION_MINUTES: readonly number[] = [1, 3, 5, 10, 15, 30];

export const MAX_REOPEN_MINUTES = 480;
const MINUTE_MS = 60_000;
const USUAL_REOPEN_MINUTES = 30;

/** The answering time to offer for a new attempt: what was left at the end of this one. */
export function minutesLeft({ ends_at }: Seat['session'], endedAt: number | null): number {
  const left = Math.ceil(((ends_at ?? 0) - (endedAt ?? Infinity)) / MINUTE_MS);
  return left > 0 ? Math.min(left, MAX_REOPEN_MINUTES) : USUAL_REOPEN_MINUTES;
}
