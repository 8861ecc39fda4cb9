/** What a proctor may do to a running exam, and when. */
import type { State } from '../types';

export type Act = 'pause' | 'resume' | 'extend' | 'face' | 'room' | 'terminate';

const RUNNING: readonly State[] = ['answering', 'paused'];
const WATCHED: readonly State[] = ['waiting', 'answering'];
const ALLOWED: Record<Act, readonly State[]> = {
  pause: ['answering'],
  resume: ['paused'],
  extend: RUNNING,
  face: WATCHED,
  room: WATCHED,
  terminate: RUNNING,
};

export const ACTS: readonly Act[] = ['pause', 'resume', 'extend', 'face', 'room', 'terminate'];

export const allowed = (act: Act, state: State): boolean => ALLOWED[act].includes(state);

/** Acts that need a reason in words, with the keys of those that come ready-made. */
export const TEMPLATES: Partial<Record<Act, readonly string[]>> = {
  pause: ['camera', 'people', 'device', 'network'],
  extend: ['network', 'device', 'interrupted'],
  terminate: ['substitute', 'device', 'help', 'left'],
};

export const SHORTEST_REASON = 2;
export const MINUTES: readonly number[] = [1, 3, 5, 10, 15, 30];
