/** How people decided on a kind's flags: what the rules for it are worth, as far as one can tell. */
import type { Decided } from './types';

/** Below so many decisions a share says nothing. */
export const FEW = 10;
const OFTEN = 0.5;

export interface Worth {
  readonly decided: number;
  readonly confirmed: number;
  readonly dismissed: number;
  /** Parts of the whole, 0 to 1; null where too few were decided on to say. */
  readonly shares: { readonly confirmed: number; readonly dismissed: number } | null;
  /** Dismissed more often than not: the rule finds mostly what is none. */
  readonly mistaken: boolean;
}

export function worthOf({ confirmed, dismissed }: Pick<Decided, 'confirmed' | 'dismissed'>): Worth {
  const decided = confirmed + dismissed;
  const shares =
    decided < FEW ? null : { confirmed: confirmed / decided, dismissed: dismissed / decided };
  const mistaken = shares !== null && shares.dismissed > OFTEN;
  return { decided, confirmed, dismissed, shares, mistaken };
}
