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

export const isAllowed = (action: Action, state: State): boolean =>
  ALLOWED_STATES[action].includes(state);

/** Acts that need a reason in words, with the keys of those that come ready-made. */
export const TEMPLATES: Partial<Record<Action, readonly string[]>> = {
  pause: ['camera', 'people', 'device', 'network'],
  extend: ['network', 'device', 'interrupted'],
  terminate: ['substitute', 'device', 'help', 'left'],
};

export const EXTENSION_MINUTES: readonly number[] = [1, 3, 5, 10, 15, 30];
