import { describe, expect, it } from 'vitest';
import { formatPage, formatRoute, parseRoute } from './route';

const at = (hash: string) => {
  const { page, room, seat } = parseRoute(hash);
  return { page, room, seat };
};

describe('the address', () => {
  it('leads to the rooms, a room, and a candidate', () => {
    expect(at('')).toEqual({ page: 'rooms', room: null, seat: null });
    expect(at('#/rooms/r1')).toEqual({ page: 'rooms', room: 'r1', seat: null });
    expect(at('#/rooms/r1/seats/s1')).toEqual({ page: 'rooms', room: 'r1', seat: 's1' });
  });

  it('leads to other pages, with what they show', () => {
    const { page, parts, room } = parseRoute(formatPage('violations', 'a/b', '0-x'));
    expect({ page, parts, room }).toEqual({
      page: 'violations',
      parts: ['a/b', '0-x'],
      room: null,
    });
  });

  it('is the same after going and coming', () => {
    for (const [room, seat] of [
      [null, null],
      ['a/b c', null],
      ['考场#1', 's:1'],
    ] as const) {
      expect(at(formatRoute(room, seat))).toEqual({ page: 'rooms', room, seat });
    }
  });

  it('bears nonsense', () => {
    expect(at('#/nowhere/x')).toEqual({ page: 'rooms', room: null, seat: null });
    expect(at('#/rooms/%E0%A4%A').room).toBe('%E0%A4%A');
  });
});
