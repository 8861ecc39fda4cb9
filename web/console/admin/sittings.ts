import type { SittingKind } from '../../shared/api/types';

export const SITTINGS: readonly SittingKind[] = ['trial', 'official'];
export const MINUTE_MS = 60_000;
