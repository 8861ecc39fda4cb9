import type { ExitSignal } from '../../shared/api/types';

/**
 * How much longer than other exits one out of full screen may last: Esc is pressed out of habit, or
 * to close something, and no browser but Chromium lets the page keep that key.
 */
const FULLSCREEN_FACTOR = 10;

/**
 * How long an exit may last without being counted, ms. While the page keeps focus and is seen,
 * only the way back into full screen is missing: its questions are covered, and nobody was away.
 */
export function graceFor(signals: readonly ExitSignal[], forgiven: number): number {
  const isOnlyFullscreen = signals.every((signal) => signal === 'fullscreen');
  return isOnlyFullscreen ? forgiven * FULLSCREEN_FACTOR : forgiven;
}
