import { describe, expect, it } from 'vitest';
import { ruleFault, isSameRule, secondsOf } from './rules';
import { RULE_BOUNDS } from '../tests/factories';
import type { FlagRule } from '../../shared/api/types';

const rule: FlagRule = {
  kind: 'phone',
  on: true,
  hits: 2,
  window: 4,
  clear: 3,
  severity: 2,
  grows_after: 60_000,
  missing_after: 20_000,
};

describe('a rule', () => {
  it('takes five seconds a picture and half a minute a clip', () => {
    expect(secondsOf('phone', 2)).toBe(10);
    expect(secondsOf('camera_moved', 2)).toBe(20);
    expect(secondsOf('voice', 2)).toBe(60);
    expect(secondsOf('no_sound', 5)).toBe(150);
  });

  it('is the same where nothing differs, and where both are off', () => {
    expect(isSameRule(rule, { ...rule })).toBe(true);
    expect(isSameRule(rule, { ...rule, hits: 3 })).toBe(false);
    expect(isSameRule(rule, { ...rule, missing_after: 30_000 })).toBe(false);
    expect(isSameRule({ ...rule, on: false }, { ...rule, on: false, hits: 9 })).toBe(true);
    expect(isSameRule(rule, undefined)).toBe(false);
  });

  it.each([
    [{}, null],
    [{ hits: 5 }, 'hits'],
    [{ hits: 0 }, 'hits'],
    [{ window: 13 }, 'window'],
    [{ clear: 0 }, 'clear'],
    [{ hits: 1, clear: 3 }, 'again'],
    [{ hits: 0, on: false }, null],
    [{ hits: Number.NaN }, 'hits'],
    [{ kind: 'no_snapshot', hits: 0 }, null],
    [{ kind: 'no_snapshot', missing_after: 9_999 }, 'missing'],
    [{ kind: 'no_snapshot', missing_after: 120_001 }, 'missing'],
    [{ kind: 'no_snapshot', missing_after: Number.NaN }, 'missing'],
  ] as const)('that is wrong says why: %o', (change, why) => {
    expect(ruleFault({ ...rule, ...change }, RULE_BOUNDS)).toBe(why);
  });
});
