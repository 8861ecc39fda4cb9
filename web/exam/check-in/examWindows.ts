import type { Subject } from '../../shared/api/types';

type Window = Subject['trial'];

/** How a window stands by the server's clock. */
export type Standing = 'coming' | 'open' | 'over';

export function standingOf(window: Window, now: number): Standing {
  if (now < window.opens_at) return 'coming';
  return now < window.ends_at ? 'open' : 'over';
}
