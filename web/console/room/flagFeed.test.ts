import { describe, expect, it } from 'vitest';
import { aFlag, T0 } from '../tests/factories';
import type { Flag } from '../types';
import { feedOf, MOST_ENTRIES, newlyCritical } from './flagFeed';
import { flagKey } from './roomReducer';

const known = (...flags: Flag[]) => new Map(flags.map((flag) => [flagKey(flag), flag]));

describe('the feed', () => {
  it('tells openings and closings, newest first', () => {
    const early = aFlag({ flag_id: 'a', opened_at: T0, ended_at: T0 + 30 });
    const late = aFlag({ flag_id: 'b', opened_at: T0 + 20 });
    const told = feedOf([early, late]).map(({ event, flag }) => `${flag.flag_id} ${event}`);
    expect(told).toEqual(['a closed', 'b opened', 'a opened']);
  });

  it('never tells an end before its beginning', () => {
    const brief = aFlag({ opened_at: T0 + 10, ended_at: T0 + 5 });
    expect(feedOf([brief]).map((entry) => entry.event)).toEqual(['closed', 'opened']);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 90 }, (_, index) => aFlag({ flag_id: `f${index}` }));
    expect(feedOf(many)).toHaveLength(MOST_ENTRIES);
  });
});

describe('newly critical flags', () => {
  const serious = aFlag();
  const critical = aFlag({ severity: 3 });

  it('are those that open as critical or become so', () => {
    expect(newlyCritical(known(), known(critical))).toEqual([critical]);
    expect(newlyCritical(known(serious), known(critical))).toEqual([critical]);
  });

  it('are told once, and not when they are milder or over', () => {
    expect(newlyCritical(known(critical), known(critical))).toEqual([]);
    expect(newlyCritical(known(), known(serious))).toEqual([]);
    expect(newlyCritical(known(), known({ ...critical, ended_at: T0 }))).toEqual([]);
  });
});
