/** What a proctor may do to a running exam, and when. */
import type { State } from '../types';

export type Act = 'pause' | 'resume' | 'terminate';

const ALLOWED: Record<Act, readonly State[]> = {
  pause: ['answering'],
  resume: ['paused'],
  terminate: ['answering', 'paused'],
};

export const ACTS: readonly Act[] = ['pause', 'resume', 'terminate'];

export const allowed = (act: Act, state: State): boolean => ALLOWED[act].includes(state);

/** Keys of the reasons that come ready-made; resuming needs none. */
export const TEMPLATES: Record<Act, readonly string[]> = {
  pause: ['camera', 'people', 'device', 'network'],
  resume: [],
  terminate: ['substitute', 'device', 'help', 'left'],
};

export const SHORTEST_REASON = 2;
