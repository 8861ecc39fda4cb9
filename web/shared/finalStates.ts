import type { State } from './api/types';

/** States in which a session has ended for good. */
export const FINAL_STATES: ReadonlySet<State> = new Set<State>([
  'declined',
  'submitted',
  'timed_out',
  'terminated',
]);
