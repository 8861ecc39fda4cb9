/** Moments as the browser's own date field writes them, in this computer's time zone. */
import { pad } from '../../shared/time';

/** Return a moment as `2026-10-30T09:00`. */
export function toField(ms: number): string {
  const at = new Date(ms);
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/**
 * Return a field's timestamp; NaN while it is empty. A field that shows the minute of
 * `before` is that very moment, seconds and all: what nobody changed stays as it was.
 */
export function fromField(field: string, before: number): number {
  return field === toField(before) ? before : new Date(field).getTime();
}
