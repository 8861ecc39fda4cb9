import { describe, expect, it } from 'vitest';
import { makeFlag, T0 } from '../tests/factories';
import type { Flag } from '../../shared/api/types';
import { buildFeed, MAX_ENTRIES, newlyCritical } from './flagFeed';
import { flagKey } from './roomReducer';

const flagMap = (...flags: Flag[]) => new Map(flags.map((flag) => [flagKey(flag), flag]));

describe('the feed', () => {
  it('tells openings and closings, newest first', () => {
    const first = makeFlag({ flag_id: 'a', opened_at: T0, ended_at: T0 + 30 });
    const second = makeFlag({ flag_id: 'b', opened_at: T0 + 20 });
    const events = buildFeed([first, second]).map(({ event, flag }) => `${flag.flag_id} ${event}`);
    expect(events).toEqual(['a closed', 'b opened', 'a opened']);
  });

  it('never tells an end before its beginning', () => {
    const brief = makeFlag({ opened_at: T0 + 10, ended_at: T0 + 5 });
    expect(buildFeed([brief]).map((entry) => entry.event)).toEqual(['closed', 'opened']);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 90 }, (_, index) => makeFlag({ flag_id: `f${index}` }));
    expect(buildFeed(many)).toHaveLength(MAX_ENTRIES);
  });
});

describe('newly critical flags', () => {
  const serious = makeFlag();
  const critical = makeFlag({ severity: 3 });

  it('are those that open as critical or become so', () => {
    expect(newlyCritical(flagMap(), flagMap(critical))).toEqual([critical]);
    expect(newlyCritical(flagMap(serious), flagMap(critical))).toEqual([critical]);
  });

  it('are told once, and not when they are milder or over', () => {
    expect(newlyCritical(flagMap(critical), flagMap(critical))).toEqual([]);
    expect(newlyCritical(flagMap(), flagMap(serious))).toEqual([]);
    expect(newlyCritical(flagMap(), flagMap({ ...critical, ended_at: T0 }))).toEqual([]);
  });
});
