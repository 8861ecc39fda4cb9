import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute } from './route';

describe('the address', () => {
  it('leads to the rooms, a room, and a candidate', () => {
    expect(parseRoute('')).toEqual({ room: null, seat: null });
    expect(parseRoute('#/rooms/r1')).toEqual({ room: 'r1', seat: null });
    expect(parseRoute('#/rooms/r1/seats/s1')).toEqual({ room: 'r1', seat: 's1' });
  });

  it('is the same after going and coming', () => {
    for (const [room, seat] of [
      [null, null],
      ['a/b c', null],
      ['考场#1', 's:1'],
    ] as const) {
      expect(parseRoute(formatRoute(room, seat))).toEqual({ room, seat });
    }
  });

  it('bears nonsense', () => {
    expect(parseRoute('#/nowhere/x')).toEqual({ room: null, seat: null });
    expect(parseRoute('#/rooms/%E0%A4%A')).toEqual({ room: '%E0%A4%A', seat: null });
  });
});
