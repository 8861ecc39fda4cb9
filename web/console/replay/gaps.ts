/** Where no picture stands: from when to when, and why. */
import type { AuditEntry, Flag, Observation, View } from '../../shared/api/types';

/** Reasons of a span that the record tells, and those that follow from what has arrived. */
export type GapReason =
  | 'outage'
  | 'phone_lost'
  | 'missing'
  | 'late'
  | 'paused'
  | 'waiting'
  | 'not_joined'
  | 'unreadable'
  | 'gone'
  | 'loading'
  | 'unread'
  | 'arriving'
  | 'not_planned'
  | 'not_arrived';

export interface Gap {
  /** Null where both views are concerned. */
  readonly view: View | null;
  readonly reason: GapReason;
  readonly at: number;
  readonly until: number;
}

/** What is over for good, or has not begun, needs no reason that might still change. */
const FOREVER = Number.MAX_SAFE_INTEGER;

/** Flags that tell of captures which did not come. */
const MISSING_KINDS: ReadonlySet<string> = new Set(['no_snapshot', 'captures_missing']);

interface GapSource {
  readonly audit: readonly AuditEntry[];
  readonly flags: readonly Flag[];
  readonly joinedAt: number | null;
  /** Whether an accommodation or the subject's rules do without pictures. */
  readonly notAsked: boolean;
  readonly begin: number;
}

/** Return the spans for which the record says why pictures may be missing, the most telling first. */
export function gapsIn({ audit, flags, joinedAt, notAsked, begin }: GapSource): Gap[] {
  return [
    ...lateSpans(audit),
    ...outages(audit),
    ...flags.flatMap(missingSpan),
    { view: 'second', reason: 'not_joined', at: begin, until: joinedAt ?? FOREVER },
    ...spansBetween(audit, ['pause', 'resume'], 'paused'),
    ...spansBetween(audit, ['wait', 'start'], 'waiting'),
    ...(notAsked
      ? [{ view: null, reason: 'not_planned', at: begin, until: FOREVER } as const]
      : []),
  ];
}

function outages(audit: readonly AuditEntry[]): Gap[] {
  return audit
    .filter((entry) => entry.action === 'outage')
    .map((entry) => ({
      view: 'first',
      reason: 'outage',
      at: entry.at - Number(entry.detail.silent ?? 0),
      until: entry.at,
    }));
}

function lateSpans(audit: readonly AuditEntry[]): Gap[] {
  return audit
    .filter((entry) => entry.action === 'captures_late' && entry.detail.medium === 'picture')
    .map((entry) => ({
      view: entry.detail.view === 'second' ? 'second' : 'first',
      reason: 'late',
      at: Number(entry.detail.since ?? entry.at),
      until: entry.at,
    }));
}

function missingSpan(flag: Flag): Gap[] {
  if (!MISSING_KINDS.has(flag.kind)) return [];
  const reason = flag.view === 'second' ? 'phone_lost' : 'missing';
  return [{ view: flag.view, reason, at: flag.began_at, until: flag.ended_at ?? FOREVER }];
}

function spansBetween(
  audit: readonly AuditEntry[],
  [begins, ends]: readonly [string, string],
  reason: GapReason,
): Gap[] {
  return audit.flatMap((entry, index) => {
    if (entry.action !== begins) return [];
    const end = audit.slice(index + 1).find((later) => later.action === ends);
    return [{ view: null, reason, at: entry.at, until: end?.at ?? FOREVER }];
  });
}

/** What is known about one moment of a view at which no picture stands. */
export interface EmptyMoment {
  readonly view: View;
  readonly moment: number;
  /** Null while the captures around the moment are being read. */
  readonly captures: readonly Observation[] | null;
  readonly readFailed: boolean;
  /** From here on captures may still be on their way. */
  readonly settledUntil: number;
}

/** So near to a moment, a capture that cannot be read is the reason for it. */
const NEAR_MS = 12_000;

/** Return why no picture stands at a moment, and the span of it where the record tells one. */
export function gapAt(gaps: readonly Gap[], empty: EmptyMoment): Gap {
  const { view, moment, captures } = empty;
  const told = gaps.find(
    (gap) => (gap.view ?? view) === view && gap.at <= moment && moment <= gap.until,
  );
  const alone = (reason: GapReason): Gap => ({ view, reason, at: moment, until: moment });
  if (!captures) return alone(empty.readFailed ? 'unread' : 'loading');
  if (told) return told;
  const isUnreadable = (capture: Observation) =>
    capture.view === view &&
    capture.medium === 'picture' &&
    capture.error !== null &&
    Math.abs(moment - capture.captured_at) <= NEAR_MS;
  if (captures.some(isUnreadable)) return alone('unreadable');
  return alone(moment > empty.settledUntil ? 'arriving' : 'not_arrived');
}

/** Whether the record tells both ends of a gap, so that they can be shown. */
export const hasSpan = (gap: Gap) => gap.until > gap.at && gap.until !== FOREVER;
