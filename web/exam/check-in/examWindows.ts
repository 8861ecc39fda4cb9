import type { Subject } from '../../shared/api/types';

type Window = Subject['trial'];

/** How a window stands by the server's clock. */
export type WindowStatus = 'coming' | 'open' | 'over';

export function windowStatus(window: Window, now: number): WindowStatus {
  if (now < window.opens_at) return 'coming';
  return now < window.ends_at ? 'open' : 'over';
}
