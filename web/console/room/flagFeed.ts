/** «最新动态»: flags as they open and close, newest first, derived from the flags known. */
import type { Flag } from '../../shared/api/types';
import { flagKey } from './roomReducer';

export interface FeedEntry {
  readonly id: string;
  readonly event: 'opened' | 'closed';
  readonly at: number;
  readonly flag: Flag;
}

export const MAX_ENTRIES = 40;
const CRITICAL = 3;

/** Return the newest openings and closings. */
export function buildFeed(flags: Iterable<Flag>): FeedEntry[] {
  return [...flags]
    .flatMap(toEntries)
    .sort((a, b) => b.at - a.at || a.id.localeCompare(b.id))
    .slice(0, MAX_ENTRIES);
}

function toEntries(flag: Flag): FeedEntry[] {
  const key = flagKey(flag);
  const opened: FeedEntry = { id: `${key}/opened`, event: 'opened', at: flag.opened_at, flag };
  if (flag.ended_at === null) return [opened];
  // The end lies where the cause was first gone, which the rules only know later.
  const at = Math.max(flag.ended_at, flag.opened_at + 1);
  return [{ id: `${key}/closed`, event: 'closed', at, flag }, opened];
}

/** Return the open critical flags that were not critical, or not there, before. */
export function newlyCritical(
  before: ReadonlyMap<string, Flag>,
  after: ReadonlyMap<string, Flag>,
): Flag[] {
  return [...after.values()].filter((flag) => {
    const previous = before.get(flagKey(flag));
    return (
      flag.ended_at === null && flag.severity >= CRITICAL && (previous?.severity ?? 0) < CRITICAL
    );
  });
}
