import { expect, it } from 'vitest';
import { formatSpan } from './time';

it.each([
  [0, '00:00'],
  [-5_000, '00:00'],
  [1, '00:01'],
  [59_999, '01:00'],
  [61_000, '01:01'],
  [3_600_000, '1:00:00'],
  [5_399_000, '1:29:59'],
])('shows %i ms as %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});
