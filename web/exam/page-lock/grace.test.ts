import { expect, it } from 'vitest';
import { graceFor } from './grace';

it.each([
  [['fullscreen'], 1_000, 10_000],
  [['blur'], 1_000, 1_000],
  [['fullscreen', 'blur'], 1_000, 1_000],
  [['hidden', 'fullscreen'], 1_000, 1_000],
  [['fullscreen'], 0, 0],
] as const)(
  'an exit by %s of a rule with %i ms is forgiven for %i ms',
  (signals, forgiven, grace) => {
    expect(graceFor(signals, forgiven)).toBe(grace);
  },
);
