import { describe, expect, it } from 'vitest';
import { ageOf, steppedAge } from './formatTime';

describe('times', () => {
  it('ages take the unit that says them best', () => {
    expect([-1, 0, 3_000, 60_000, 7_300_000].map(ageOf)).toEqual([
      { unit: 'now', n: 0 },
      { unit: 'now', n: 0 },
      { unit: 'seconds', n: 3 },
      { unit: 'minutes', n: 1 },
      { unit: 'hours', n: 2 },
    ]);
  });

  it('ages on the wall stand still while a picture is fresh, then go in steps', () => {
    expect([0, 9_999, 10_000, 14_999, 15_000].map(steppedAge)).toEqual([
      0, 0, 10_000, 10_000, 15_000,
    ]);
  });
});
