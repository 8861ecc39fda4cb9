import type { Subject } from '../../shared/api/types';

type ExamWindow = Subject['trial'];

/** How a window stands by the server's clock. */
export type WindowStatus = 'coming' | 'open' | 'over';

export function windowStatus(window: ExamWindow, now: number): WindowStatus {
  if (now < window.opens_at) return 'coming';
  return now < window.ends_at ? 'open' : 'over';
}
