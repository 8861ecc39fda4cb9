/** How people decided on a kind's flags: an indication of how well its rules work. */
import type { DecisionCounts } from '../../shared/api/types';

/** With fewer decisions, a percentage is meaningless. */
export const MIN_DECISIONS = 10;
const HALF = 0.5;

export interface DecisionStats {
  readonly decided: number;
  readonly confirmed: number;
  readonly dismissed: number;
  /** Parts of the whole, 0 to 1; null with too few decisions. */
  readonly shares: { readonly confirmed: number; readonly dismissed: number } | null;
  /** Dismissed more often than not: the rule finds mostly what is none. */
  readonly mostlyDismissed: boolean;
}

export function decisionStats({
  confirmed,
  dismissed,
}: Pick<DecisionCounts, 'confirmed' | 'dismissed'>): DecisionStats {
  const decided = confirmed + dismissed;
  const shares =
    decided < MIN_DECISIONS
      ? null
      : { confirmed: confirmed / decided, dismissed: dismissed / decided };
  const mostlyDismissed = shares !== null && shares.dismissed > HALF;
  return { decided, confirmed, dismissed, shares, mostlyDismissed };
}
