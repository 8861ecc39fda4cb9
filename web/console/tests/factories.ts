/** Seats, flags, audit entries, bounds of rules and room views for tests. */
import type { AuditEntry, Flag, LatestCapture, RoomView, Seat } from '../../shared/api/types';

export const T0 = 1_700_000_000_000;

export function makeFlag(changes: Partial<Flag> = {}): Flag {
  return {
    flag_id: `${T0}-first-absent`,
    session_id: 's1',
    kind: 'absent',
    view: 'first',
    severity: 2,
    began_at: T0,
    opened_at: T0 + 5_000,
    seen_at: T0 + 5_000,
    ended_at: null,
    score: 0.9,
    captures: [],
    why: null,
    detail: '',
    ...changes,
  };
}

export function makeAuditEntry(
  at: number,
  action: string,
  detail: AuditEntry['detail'] = {},
): AuditEntry {
  return { number: at, at, actor: 'system', action, detail, hash: '' };
}

export const RULE_BOUNDS = {
  most_observations: 12,
  shortest_growth: 10_000,
  longest_growth: 3_600_000,
  shortest_missing: 10_000,
  longest_missing: 120_000,
};

export function makePicture(at: number, view: LatestCapture['view'] = 'first'): LatestCapture {
  return { view, capture_id: `${at}-x`, at, url: `http://media/${at}`, findings: [], error: null };
}

interface Changes {
  session?: Partial<Seat['session']>;
  sheet?: Partial<Seat['sheet']>;
  watch?: Partial<Seat['watch']>;
  identity?: Partial<Seat['identity']>;
  devices?: Partial<Seat['devices']>;
}

export function makeSeat(session_id: string, changes: Changes = {}): Seat {
  return {
    session: {
      session_id,
      room_id: 'r1',
      version: 1,
      candidate_name: `考生${session_id}`,
      admission_number: `2022${session_id}`,
      kind: 'official',
      state: 'answering',
      questions: 10,
      created_at: T0,
      started_at: T0,
      ends_at: T0 + 3_600_000,
      checked: null,
      second_view_joined_at: null,
      devices: 1,
      credit: 0,
      resumes_at: null,
      attempt: 1,
      way_back: null,
      superseded: false,
      reopen_request: null,
      recording: { tracks: [], consent: null },
      ask: null,
      reason: null,
      ...changes.session,
    },
    sheet: { session_id, version: 1, answered: 0, saved_at: null, ...changes.sheet },
    watch: { session_id, version: 1, latest: [makePicture(T0)], open_flags: [], ...changes.watch },
    identity: {
      session_id,
      version: 1,
      status: 'verified',
      reason: null,
      tries: 1,
      similarity: null,
      captured_at: null,
      captured_url: null,
      registered_url: null,
      turned_url: null,
      movement: null,
      consent: 'given',
      note: null,
      ...changes.identity,
    },
    devices: { session_id, version: 0, shots: [], phone: null, ...changes.devices },
  };
}

export function makeRoomView(...seats: Seat[]): RoomView {
  const text = { zh: '考场', en: 'room' };
  return {
    room: { room_id: 'r1', exam_id: 'e1', name: text, exam_title: text, time_zone: '' },
    seats,
    now: T0,
  };
}
