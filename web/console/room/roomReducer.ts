/**
 * What is known of a room: a reducer over reads of the room and pushes of the socket.
 *
 * Every part of a seat carries a version. A push counts only where it is newer than what is known,
 * so pushes may come late, twice and in any order; a read counts where it is not older, because it
 * also renews the signed addresses of the pictures.
 */
import type { Flag, Push, RoomView, Seat, SeatWatch } from '../types';

export interface RoomState {
  readonly seats: ReadonlyMap<string, Seat>;
  /** Every flag heard of, open and closed, by `flagKey`; the oldest closed ones are forgotten. */
  readonly flags: ReadonlyMap<string, Flag>;
}

export interface Applied {
  readonly state: RoomState;
  /** The push is about a session that no read has shown yet: read the room again. */
  readonly unknown: boolean;
}

interface Versioned {
  readonly version: number;
}

/** A flag's id is unique within its session only. */
export const flagKey = (flag: Flag): string => `${flag.session_id}/${flag.flag_id}`;

export const EMPTY_ROOM: RoomState = { seats: new Map(), flags: new Map() };

const MOST_FLAGS = 300;

/** Take in a read of the whole room: who is not in it is no longer in the room. */
export function applyView(state: RoomState, view: RoomView): RoomState {
  const seats = new Map<string, Seat>();
  let flags = state.flags;
  for (const read of view.seats) {
    const known = state.seats.get(read.session.session_id);
    const seat = known ? notOlder(read, known) : read;
    seats.set(seat.session.session_id, seat);
    flags = withWatch(flags, known?.watch, seat.watch);
  }
  return { seats, flags };
}

/** Take in one push. What is not newer returns the very same state. */
export function applyPush(state: RoomState, push: Push): Applied {
  switch (push.type) {
    case 'session':
      return replacePart(state, 'session', push.session);
    case 'sheet':
      return replacePart(state, 'sheet', push.sheet);
    case 'watch':
      return replacePart(state, 'watch', push.watch);
    case 'identity':
      return replacePart(state, 'identity', push.identity);
    case 'devices':
      return replacePart(state, 'devices', push.devices);
    case 'flag':
      return applyFlag(state, push.flag);
    case 'changed':
    case 'warning':
    case 'calls':
    case 'signal':
    case 'chat':
      return { state, unknown: false };
  }
}

/** Take in several pushes, in the order in which they came. */
export function applyPushes(state: RoomState, pushes: readonly Push[]): Applied {
  return pushes.reduce<Applied>(
    (before, push) => {
      const { state: next, unknown } = applyPush(before.state, push);
      return { state: next, unknown: before.unknown || unknown };
    },
    { state, unknown: false },
  );
}

function applyFlag(state: RoomState, flag: Flag): Applied {
  const flags = withFlag(state.flags, flag);
  const unknown = !state.seats.has(flag.session_id);
  return { state: flags === state.flags ? state : { ...state, flags }, unknown };
}

function replacePart<Part extends keyof Seat>(
  state: RoomState,
  part: Part,
  pushed: Seat[Part],
): Applied {
  const known = state.seats.get(pushed.session_id);
  if (!known) return { state, unknown: true };
  if (pushed.version <= known[part].version) return { state, unknown: false };
  const seat: Seat = { ...known, [part]: pushed };
  const seats = new Map(state.seats).set(pushed.session_id, seat);
  return {
    state: { seats, flags: withWatch(state.flags, known.watch, seat.watch) },
    unknown: false,
  };
}

function notOlder(read: Seat, known: Seat): Seat {
  return {
    session: later(read.session, known.session),
    sheet: later(read.sheet, known.sheet),
    watch: later(read.watch, known.watch),
    identity: later(read.identity, known.identity),
    devices: later(read.devices, known.devices),
  };
}

function later<Part extends Versioned>(read: Part, known: Part): Part {
  return read.version >= known.version ? read : known;
}

type Flags = ReadonlyMap<string, Flag>;

/** Note a watch's open flags, and as closed those that an earlier version still had. */
function withWatch(flags: Flags, before: SeatWatch | undefined, after: SeatWatch): Flags {
  if (before === after) return flags;
  const open = new Set(after.open_flags.map((flag) => flag.flag_id));
  const gone = before?.open_flags.filter((flag) => !open.has(flag.flag_id)) ?? [];
  // The push that tells a flag's true end may have been lost: it was last seen then.
  const closed = gone.map((flag) => ({ ...flag, ended_at: flag.seen_at }));
  return [...after.open_flags, ...closed].reduce(withFlag, flags);
}

function withFlag(flags: Flags, flag: Flag): Flags {
  const known = flags.get(flagKey(flag));
  if (known && !isNewer(flag, known)) return flags;
  const changed = new Map(flags).set(flagKey(flag), flag);
  if (changed.size > MOST_FLAGS) forgetOldest(changed);
  return changed;
}

/** A flag has no version: it only ever grows longer and then ends. */
function isNewer(flag: Flag, known: Flag): boolean {
  if (known.ended_at !== null) return flag.ended_at !== null && flag.ended_at > known.ended_at;
  return flag.ended_at !== null || flag.seen_at > known.seen_at || flag.severity > known.severity;
}

function forgetOldest(flags: Map<string, Flag>): void {
  const closed = [...flags.values()].filter((flag) => flag.ended_at !== null);
  const oldest = closed.reduce<Flag | undefined>(
    (least, flag) => (!least || flag.opened_at < least.opened_at ? flag : least),
    undefined,
  );
  if (oldest) flags.delete(flagKey(oldest));
}
