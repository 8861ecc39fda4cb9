import { describe, expect, it } from 'vitest';
import { makeSeat, T0 } from '../tests/factories';
import { positionBeside } from './popoverPosition';
import { stepTo } from './roving';
import { compareBy, nextOf, ORDERS } from './sorting';

describe('keys', () => {
  it('move in a grid, and no further than its edges', () => {
    const from = (at: number, key: string) => stepTo(key, at, 8, 3);
    expect([from(4, 'ArrowLeft'), from(4, 'ArrowRight')]).toEqual([3, 5]);
    expect([from(4, 'ArrowUp'), from(4, 'ArrowDown')]).toEqual([1, 7]);
    expect([from(0, 'ArrowLeft'), from(7, 'ArrowRight')]).toEqual([0, 7]);
    expect([from(1, 'ArrowUp'), from(5, 'ArrowDown')]).toEqual([1, 5]);
    expect([from(4, 'Home'), from(4, 'End')]).toEqual([0, 7]);
    expect(from(4, 'Enter')).toBeNull();
  });

  it('go through orders and filters and begin anew', () => {
    expect(ORDERS.map((order) => nextOf(ORDERS, order))).toEqual(['number', 'time', 'attention']);
  });
});

describe('orders', () => {
  const last = makeSeat('1', { session: { ends_at: T0 + 9 } });
  const soon = makeSeat('2', { session: { ends_at: T0 + 5 } });
  const done = makeSeat('0', { session: { state: 'submitted', ends_at: T0 + 1 } });
  const sorted = (order: (typeof ORDERS)[number]) =>
    [last, done, soon].sort(compareBy(order, T0)).map((seat) => seat.session.session_id);

  it('put whose time ends first before the others, and who has no time last', () => {
    expect(sorted('time')).toEqual(['2', '1', '0']);
  });

  it('go by number', () => {
    expect(sorted('number')).toEqual(['0', '1', '2']);
  });
});

describe('what is enlarged', () => {
  const size = { width: 400, height: 200 };
  const window = { width: 1000, height: 600 };
  const card = (left: number, top: number) => ({ left, top, right: left + 200, bottom: top + 100 });
  const at = (left: number, top: number) => positionBeside(card(left, top), size, window);

  it('stands beside its card, whole within the window', () => {
    expect(at(0, 50)).toEqual({ left: 206, top: 50 });
    expect(at(700, 550)).toEqual({ left: 294, top: 392 });
    expect(at(395, 50)).toEqual({ left: 395, top: 156 });
    expect(at(395, 450)).toEqual({ left: 395, top: 244 });
  });

  it('stays within a window that has no place beside', () => {
    const small = { width: 410, height: 210 };
    expect(positionBeside(card(100, 50), size, small)).toEqual({ left: 8, top: 8 });
  });
});
