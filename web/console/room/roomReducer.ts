/**
 * What is known of a room: a reducer over reads of the room and pushes of the socket.
 *
 * Every part of a seat carries a version. A push counts only where it is newer than what is known,
 * so pushes may come late, twice and in any order; a read counts where it is not older, because it
 * also renews the signed addresses of the pictures.
 */
import type { Flag, Push, RoomView, Seat, SeatWatch } from '../../shared/api/types';

export interface RoomState {
  readonly seats: ReadonlyMap<string, Seat>;
  /** All known flags, open and closed, by `flagKey`; the oldest closed ones are evicted. */
  readonly flags: ReadonlyMap<string, Flag>;
}

export interface RoomUpdate {
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

const MAX_FLAGS = 300;

/** Apply a read of the whole room: whoever is not in it has left the room. */
export function applyView(state: RoomState, view: RoomView): RoomState {
  const seats = new Map<string, Seat>();
  let flags = state.flags;
  for (const read of view.seats) {
    const current = state.seats.get(read.session.session_id);
    const seat = current ? newestParts(read, current) : read;
    seats.set(seat.session.session_id, seat);
    flags = mergeWatch(flags, current?.watch, seat.watch);
  }
  return { seats, flags };
}

/** Apply one push. Returns the same state object where the push is not newer. */
export function applyPush(state: RoomState, push: Push): RoomUpdate {
  switch (push.type) {
    case 'session':
      if (push.session.superseded) return withoutSeat(state, push.session.session_id);
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

/** Apply several pushes in order of arrival. */
export function applyPushes(state: RoomState, pushes: readonly Push[]): RoomUpdate {
  return pushes.reduce<RoomUpdate>(
    (before, push) => {
      const { state: next, unknown } = applyPush(before.state, push);
      return { state: next, unknown: before.unknown || unknown };
    },
    { state, unknown: false },
  );
}

function applyFlag(state: RoomState, flag: Flag): RoomUpdate {
  const flags = upsertFlag(state.flags, flag);
  const unknown = !state.seats.has(flag.session_id);
  return { state: flags === state.flags ? state : { ...state, flags }, unknown };
}

/** A later attempt stands in the room now; flags of the earlier one stay known. */
function withoutSeat(state: RoomState, sessionId: string): RoomUpdate {
  if (!state.seats.has(sessionId)) return { state, unknown: false };
  const seats = new Map(state.seats);
  seats.delete(sessionId);
  return { state: { ...state, seats }, unknown: false };
}

function replacePart<Part extends keyof Seat>(
  state: RoomState,
  part: Part,
  pushed: Seat[Part],
): RoomUpdate {
  const current = state.seats.get(pushed.session_id);
  if (!current) return { state, unknown: true };
  if (pushed.version <= current[part].version) return { state, unknown: false };
  const seat: Seat = { ...current, [part]: pushed };
  const seats = new Map(state.seats).set(pushed.session_id, seat);
  return {
    state: { seats, flags: mergeWatch(state.flags, current.watch, seat.watch) },
    unknown: false,
  };
}

function newestParts(read: Seat, current: Seat): Seat {
  return {
    session: newer(read.session, current.session),
    sheet: newer(read.sheet, current.sheet),
    watch: newer(read.watch, current.watch),
    identity: newer(read.identity, current.identity),
    devices: newer(read.devices, current.devices),
  };
}

function newer<Part extends Versioned>(read: Part, current: Part): Part {
  return read.version >= current.version ? read : current;
}

type Flags = ReadonlyMap<string, Flag>;

/** Merge the open flags; those of the earlier version that are missing now are closed. */
function mergeWatch(flags: Flags, before: SeatWatch | undefined, after: SeatWatch): Flags {
  if (before === after) return flags;
  const open = new Set(after.open_flags.map((flag) => flag.flag_id));
  const closing = before?.open_flags.filter((flag) => !open.has(flag.flag_id)) ?? [];
  // The push that tells a flag's true end may have been lost: it was last seen then.
  const closed = closing.map((flag) => ({ ...flag, ended_at: flag.seen_at }));
  return [...after.open_flags, ...closed].reduce(upsertFlag, flags);
}

function upsertFlag(flags: Flags, flag: Flag): Flags {
  const current = flags.get(flagKey(flag));
  if (current && !isNewer(flag, current)) return flags;
  const changed = new Map(flags).set(flagKey(flag), flag);
  if (changed.size > MAX_FLAGS) evictOldest(changed);
  return changed;
}

/** A flag has no version: it only ever grows longer and then ends. */
function isNewer(flag: Flag, current: Flag): boolean {
  if (current.ended_at !== null) return flag.ended_at !== null && flag.ended_at > current.ended_at;
  return (
    flag.ended_at !== null || flag.seen_at > current.seen_at || flag.severity > current.severity
  );
}

function evictOldest(flags: Map<string, Flag>): void {
  const closed = [...flags.values()].filter((flag) => flag.ended_at !== null);
  const oldest = closed.reduce<Flag | undefined>(
    (least, flag) => (!least || flag.opened_at < least.opened_at ? flag : least),
    undefined,
  );
  if (oldest) flags.delete(flagKey(oldest));
}
