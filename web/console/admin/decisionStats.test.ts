import { describe, expect, it } from 'vitest';
import { MIN_DECISIONS, decisionStats } from './decisionStats';

describe('how a kind was decided on', () => {
  it('has no shares while there are few decisions', () => {
    const few = decisionStats({ confirmed: 0, dismissed: MIN_DECISIONS - 1 });
    expect(few).toMatchObject({ decided: MIN_DECISIONS - 1, shares: null, mostlyDismissed: false });
  });

  it('has shares from then on, and says where most were dismissed', () => {
    const half = decisionStats({ confirmed: 5, dismissed: 5 });
    expect(half.shares).toEqual({ confirmed: 0.5, dismissed: 0.5 });
    expect(half.mostlyDismissed).toBe(false);
    expect(decisionStats({ confirmed: 4, dismissed: 6 }).mostlyDismissed).toBe(true);
  });
});
