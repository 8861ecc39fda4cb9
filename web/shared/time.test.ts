import { expect, it } from 'vitest';
import { formatCountdown, formatElapsed } from './time';

it.each([
  [0, '00:00'],
  [-5_000, '00:00'],
  [1, '00:01'],
  [59_999, '01:00'],
  [61_000, '01:01'],
  [3_600_000, '1:00:00'],
  [5_399_000, '1:29:59'],
])('counts down %i ms as %s', (ms, text) => {
  expect(formatCountdown(ms)).toBe(text);
});

it.each([
  [-5, '0:00'],
  [0, '0:00'],
  [59_999, '0:59'],
  [61_000, '1:01'],
  [3_600_000, '1:00:00'],
  [36_061_000, '10:01:01'],
])('shows %i ms that have passed as %s', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});
