import { describe, expect, it } from 'vitest';
import { FEW, worthOf } from './decisionStats';

describe('how a kind was decided on', () => {
  it('has no shares while there are few decisions', () => {
    const few = worthOf({ confirmed: 0, dismissed: FEW - 1 });
    expect(few).toMatchObject({ decided: FEW - 1, shares: null, mistaken: false });
  });

  it('has shares from then on, and says where most were dismissed', () => {
    const half = worthOf({ confirmed: 5, dismissed: 5 });
    expect(half.shares).toEqual({ confirmed: 0.5, dismissed: 0.5 });
    expect(half.mistaken).toBe(false);
    expect(worthOf({ confirmed: 4, dismissed: 6 }).mistaken).toBe(true);
  });
});
