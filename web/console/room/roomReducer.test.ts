import { describe, expect, it } from 'vitest';
import { makeFlag, makePicture, makeSeat, makeRoomView, T0 } from '../tests/factories';
import type { Push } from '../../shared/api/types';
import { applyPush, applyView, EMPTY_ROOM, flagKey, type RoomState } from './roomReducer';

const start = () => applyView(EMPTY_ROOM, makeRoomView(makeSeat('s1'), makeSeat('s2')));

const sheet = (version: number, answered: number, session_id = 's1'): Push => ({
  type: 'sheet',
  sheet: { session_id, version, answered, saved_at: T0 },
});
const watching = (version: number, open_flags = [makeFlag()]): Push => ({
  type: 'watch',
  watch: { session_id: 's1', version, latest: [makePicture(T0 + version)], open_flags },
});
const flagged = (changes: Parameters<typeof makeFlag>[0] = {}): Push => ({
  type: 'flag',
  flag: makeFlag(changes),
});

const after = (state: RoomState, ...pushes: Push[]) =>
  pushes.reduce((reached, push) => applyPush(reached, push).state, state);
const answered = (state: RoomState) => state.seats.get('s1')?.sheet.answered;

describe('pushes', () => {
  it('apply where they are newer', () => {
    expect(answered(after(start(), sheet(2, 3)))).toBe(3);
  });

  it('are ignored where they are older', () => {
    expect(answered(after(start(), sheet(5, 4), sheet(3, 2)))).toBe(4);
  });

  it('change nothing when doubled', () => {
    const once = after(start(), sheet(2, 3), watching(2), flagged());
    expect(applyPush(once, sheet(2, 3)).state).toBe(once);
    expect(applyPush(once, watching(2)).state).toBe(once);
    expect(applyPush(once, flagged()).state).toBe(once);
  });

  it('reach the same end in whatever order they come', () => {
    const pushes = [sheet(2, 1), sheet(3, 2), sheet(4, 3)];
    for (const order of [pushes, [...pushes].reverse(), [pushes[1], pushes[2], pushes[0]]]) {
      expect(answered(after(start(), ...order.filter((push) => push !== undefined)))).toBe(3);
    }
  });

  it('leave the other seats the very same', () => {
    const before = start();
    expect(after(before, sheet(2, 3)).seats.get('s2')).toBe(before.seats.get('s2'));
  });

  it('version each part of a seat by itself', () => {
    const moved = after(start(), watching(9), sheet(2, 3));
    expect(answered(moved)).toBe(3);
    expect(moved.seats.get('s1')?.watch.version).toBe(9);
  });

  it('about an unknown session ask for a read and change nothing', () => {
    const before = start();
    expect(applyPush(before, sheet(1, 1, 'stranger'))).toEqual({ state: before, unknown: true });
    const { session, identity } = makeSeat('stranger');
    expect(applyPush(before, { type: 'session', session }).unknown).toBe(true);
    expect(applyPush(before, { type: 'identity', identity }).unknown).toBe(true);
    expect(applyPush(before, flagged({ session_id: 'stranger' })).unknown).toBe(true);
  });

  it('for candidates’ devices are none of the room’s', () => {
    const before = start();
    const push: Push = { type: 'changed', session_id: 's1', state: 'answering' };
    expect(applyPush(before, push)).toEqual({ state: before, unknown: false });
  });
});

describe('reads', () => {
  it('do not take back what a push has brought', () => {
    const state = applyView(after(start(), sheet(7, 5)), makeRoomView(makeSeat('s1')));
    expect(answered(state)).toBe(5);
  });

  it('of the same version renew the signed addresses', () => {
    const fresh = makeSeat('s1');
    const renewed = { ...makePicture(T0), url: 'http://media/renewed' };
    const view = makeRoomView({ ...fresh, watch: { ...fresh.watch, latest: [renewed] } });
    expect(applyView(start(), view).seats.get('s1')?.watch.latest).toEqual([renewed]);
  });

  it('tell who is in the room: new ones come, others go', () => {
    const state = applyView(start(), makeRoomView(makeSeat('s2'), makeSeat('s3')));
    expect([...state.seats.keys()]).toEqual(['s2', 's3']);
  });
});

describe('flags', () => {
  const key = flagKey(makeFlag());
  const ended = (state: RoomState) => state.flags.get(key)?.ended_at;

  it('are known from a read, a watch or a push', () => {
    const read = applyView(
      EMPTY_ROOM,
      makeRoomView(makeSeat('s1', { watch: { open_flags: [makeFlag()] } })),
    );
    for (const state of [read, after(start(), watching(2)), after(start(), flagged())]) {
      expect(ended(state)).toBeNull();
    }
  });

  it('of two sessions with one id are two', () => {
    const state = after(start(), flagged(), flagged({ session_id: 's2' }));
    expect(state.flags.size).toBe(2);
  });

  it('stay closed when an older message comes late', () => {
    const closed = after(start(), flagged({ ended_at: T0 + 20_000 }), flagged());
    expect(ended(closed)).toBe(T0 + 20_000);
  });

  it('close when a newer watch has them no longer, though the push was lost', () => {
    const closed = after(start(), watching(2), watching(3, []));
    expect(ended(closed)).toBe(T0 + 5_000);
    expect(ended(after(closed, flagged({ ended_at: T0 + 9_000 })))).toBe(T0 + 9_000);
  });

  it('stay open when a watch from before they opened comes late', () => {
    expect(ended(after(start(), flagged(), watching(2, [])))).toBeNull();
  });

  it('close over a read as well', () => {
    expect(
      ended(
        applyView(
          after(start(), watching(2)),
          makeRoomView(makeSeat('s1', { watch: { version: 3 } })),
        ),
      ),
    ).toBe(T0 + 5_000);
  });

  it('grow more severe but never milder', () => {
    const grown = after(start(), flagged({ severity: 3, seen_at: T0 + 9_000 }), flagged());
    expect(grown.flags.get(key)?.severity).toBe(3);
  });

  it('are forgotten, oldest closed first, when there are too many', () => {
    const many = Array.from({ length: 320 }, (_, index) =>
      flagged({ flag_id: `f${index}`, opened_at: T0 + index, ended_at: index < 100 ? T0 : null }),
    );
    const state = after(start(), ...many);
    expect(state.flags.size).toBe(300);
    expect(state.flags.has('s1/f0')).toBe(false);
    expect(state.flags.has('s1/f319')).toBe(true);
  });
});
