import { describe, expect, it } from 'vitest';
import { makeAuditEntry, makeFlag } from '../tests/factories';
import { makeCapture } from '../tests/captures';
import type { Observation, View } from '../../shared/api/types';
import { gapAt, gapsIn, hasSpan } from './gaps';

const gaps = gapsIn({
  begin: 0,
  joinedAt: 100_000,
  notAsked: false,
  audit: [
    makeAuditEntry(0, 'wait'),
    makeAuditEntry(50_000, 'start'),
    makeAuditEntry(200_000, 'pause'),
    makeAuditEntry(230_000, 'resume'),
    makeAuditEntry(400_000, 'outage', { silent: 90_000 }),
    makeAuditEntry(500_000, 'captures_late', { view: 'second', medium: 'picture', since: 460_000 }),
    makeAuditEntry(500_000, 'captures_late', { view: 'first', medium: 'sound', since: 460_000 }),
  ],
  flags: [
    makeFlag({ kind: 'no_snapshot', view: 'second', began_at: 600_000, ended_at: 640_000 }),
    makeFlag({ kind: 'captures_missing', view: 'first', began_at: 700_000, ended_at: null }),
    makeFlag({ kind: 'absent', view: 'first', began_at: 0, ended_at: null }),
  ],
});

function reasonAt(view: View, moment: number, captures: readonly Observation[] | null = []) {
  const empty = { view, moment, captures, readFailed: false, settledUntil: 900_000 };
  return gapAt(gaps, empty).reason;
}

describe('a moment without a picture', () => {
  it.each([
    ['first', 20_000, 'waiting'],
    ['second', 60_000, 'not_joined'],
    ['first', 210_000, 'paused'],
    ['first', 350_000, 'outage'],
    ['second', 350_000, 'not_arrived'],
    ['second', 480_000, 'late'],
    ['first', 480_000, 'not_arrived'],
    ['second', 620_000, 'phone_lost'],
    ['first', 800_000, 'missing'],
    ['second', 950_000, 'arriving'],
  ] as const)('of %s at %i says: %s', (view, moment, reason) => {
    expect(reasonAt(view, moment)).toBe(reason);
  });

  it('says first whether its captures have been read at all', () => {
    expect(reasonAt('first', 350_000, null)).toBe('loading');
    const empty = { view: 'first', moment: 1, captures: null, settledUntil: 0 } as const;
    expect(gapAt(gaps, { ...empty, readFailed: true }).reason).toBe('unread');
  });

  it('names a capture that cannot be read', () => {
    const broken = makeCapture(300_000, { error: 'undecodable' });
    expect(reasonAt('first', 305_000, [broken])).toBe('unreadable');
    expect(reasonAt('second', 305_000, [broken])).toBe('not_arrived');
  });

  it('says where no pictures are asked for', () => {
    const free = gapsIn({ begin: 0, joinedAt: 0, notAsked: true, audit: [], flags: [] });
    const empty = { view: 'first', moment: 9, captures: [], readFailed: false } as const;
    expect(gapAt(free, { ...empty, settledUntil: 99 }).reason).toBe('not_planned');
  });

  it('has a span only where both of its ends are known', () => {
    expect(hasSpan({ view: null, reason: 'outage', at: 1, until: 2 })).toBe(true);
    expect(hasSpan({ view: null, reason: 'not_arrived', at: 1, until: 1 })).toBe(false);
    expect(gaps.filter((gap) => gap.reason === 'missing').map(hasSpan)).toEqual([false]);
  });
});
