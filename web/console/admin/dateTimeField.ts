/** Moments as the browser's own date field writes them, on the exam's clock. */
import { fromWallTime, toWallTime } from '../../shared/time';

/** Return a moment as `2026-10-30T09:00`. */
export const toField = toWallTime;

/**
 * Return a field's timestamp; NaN while it is empty. A field that shows the minute of
 * `before` is that very moment, seconds and all: what nobody changed stays as it was.
 */
export function fromField(field: string, before: number): number {
  return field === toField(before) ? before : fromWallTime(field);
}
