/** Ages as people read them. */

const FRESH_MS = 10_000;
const STEP_MS = 5_000;

/**
 * Return an age as a wall of many pictures shows it: nothing counts up while a picture is fresh,
 * and later in steps, so that sixty candidates do not change every second for nothing.
 */
export function steppedAge(ms: number): number {
  return ms < FRESH_MS ? 0 : Math.floor(ms / STEP_MS) * STEP_MS;
}

export interface Age {
  readonly unit: 'now' | 'seconds' | 'minutes' | 'hours';
  readonly n: number;
}

/** Return how long ago something was, in the one unit that suits it best. */
export function ageOf(ms: number): Age {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 1) return { unit: 'now', n: 0 };
  if (seconds < 60) return { unit: 'seconds', n: seconds };
  if (seconds < 3_600) return { unit: 'minutes', n: Math.floor(seconds / 60) };
  return { unit: 'hours', n: Math.floor(seconds / 3_600) };
}
