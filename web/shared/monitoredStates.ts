import type { State } from './api/types';

/** While a session stands here it is captured and recorded: a pause stops the clock, not the watch. */
export const MONITORED_STATES: ReadonlySet<State> = new Set<State>([
  'waiting',
  'answering',
  'paused',
]);
