/** Captures of a sitting, as the API returns them, for tests. */
import type { Observation } from '../../shared/api/types';

export function makeCapture(at: number, changes: Partial<Observation> = {}): Observation {
  const view = changes.view ?? 'first';
  const medium = changes.medium ?? 'picture';
  return {
    capture_id: `${String(at).padStart(13, '0')}-${view}-${medium}`,
    view,
    medium,
    captured_at: at,
    url: `https://media.test/${at}-${view}-${medium}`,
    findings: [],
    boxes: [],
    similarity: null,
    measures: {},
    timings_ms: {},
    models: {},
    error: null,
    ...changes,
  };
}

/** Every capture of a sitting: a picture each 5 s and each 10 s, a clip each 30 s; newest first. */
export function makeSitting(begin: number, end: number): Observation[] {
  const stream = (period: number, changes: Partial<Observation>) =>
    Array.from({ length: Math.floor((end - begin) / period) }, (_, index) =>
      makeCapture(begin + index * period, changes),
    );
  return [
    ...stream(5_000, { view: 'first' }),
    ...stream(10_000, { view: 'second' }),
    ...stream(30_000, { medium: 'sound' }),
  ].sort((a, b) => (a.capture_id < b.capture_id ? 1 : -1));
}

/** A page as the API makes it: the 200 newest before an id. */
export function pageBefore(sitting: readonly Observation[], before: string) {
  const older = sitting.filter((capture) => capture.capture_id < before);
  const captures = older.slice(0, 200);
  return { captures, before: captures.length === 200 ? (captures.at(-1)?.capture_id ?? '') : null };
}
