/** What a proctor may do to a running exam, and when. */
import type { State } from '../../shared/api/types';

export type Action = 'pause' | 'resume' | 'extend' | 'face' | 'room' | 'terminate';

const RUNNING: readonly State[] = ['answering', 'paused'];
const WATCHED: readonly State[] = ['waiting', 'answering', 'paused'];
const ALLOWED_STATES: Record<Action, readonly State[]> = {
  pause: ['answering'],
  resume: ['paused'],
  extend: RUNNING,
  face: WATCHED,
  room: WATCHED,
  terminate: RUNNING,
};

export const ACTIONS: readonly Action[] = [
  'pause',
  'resume',
  'extend',
  'face',
  'room',
  'terminate',
];

const AT_THE_DEVICE: ReadonlySet<Action> = new Set<Action>(['face', 'room']);

/**
 * Return whether an action is possible. While the person is verified on another device, the clock is
 * handled where the session stood; nothing is asked of the candidate beside the photo.
 */
export function isAllowed(action: Action, state: State, resumesAt: State | null = null): boolean {
  if (state !== 'reverifying') return ALLOWED_STATES[action].includes(state);
  return !AT_THE_DEVICE.has(action) && resumesAt !== null && isAllowed(action, resumesAt);
}

/** Acts that need a reason in words, with the keys of those that come ready-made. */
export const TEMPLATES: Partial<Record<Action, readonly string[]>> = {
  pause: ['camera', 'people', 'device', 'network'],
  extend: ['network', 'device', 'interrupted'],
  terminate: ['substitute', 'device', 'help', 'left'],
};

export const EXTENSION_MINUTES: readonly number[] = [1, 3, 5, 10, 15, 30];
