import { describe, expect, it } from 'vitest';
import { makeFlag, makePicture, makeSeat, T0 } from '../tests/factories';
import type { Seat } from '../../shared/api/types';
import { byAttention, isStale, needsAttention } from '../model/seat';
import { countByFilter, FILTERS, matchesSearch, matchesFilter } from './filters';
import { stabilize } from './stableOrder';

const NOW = T0 + 5_000;
const ids = (seats: Seat[]) => seats.map((seat) => seat.session.session_id);
const inOrder = (...seats: Seat[]) => ids([...seats].sort(byAttention(NOW)));

const pending = (id: string) =>
  makeSeat(id, { session: { state: 'pledged' }, identity: { status: 'pending' } });
const flagged = (id: string, severity: number, more = 0) =>
  makeSeat(id, {
    watch: {
      open_flags: Array.from({ length: more + 1 }, (_, at) =>
        makeFlag({ severity: at ? 1 : severity }),
      ),
    },
  });
const silent = (id: string, ms: number) =>
  makeSeat(id, {
    session: { started_at: T0 - 600_000 },
    watch: { latest: [makePicture(NOW - ms)] },
  });

describe('order', () => {
  it('puts identities first, then severity, then the oldest picture, then state', () => {
    const seats = [
      makeSeat('9', { session: { state: 'submitted' } }),
      makeSeat('8', { session: { state: 'waiting' } }),
      makeSeat('7'),
      silent('6', 25_000),
      silent('5', 95_000),
      flagged('4', 1),
      flagged('3', 2),
      flagged('2', 3),
      pending('1'),
    ];
    expect(inOrder(...seats)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(inOrder(...[...seats].reverse())).toEqual(inOrder(...seats));
  });

  it('puts those forward whose reopening awaits a second person', () => {
    const reopen_request = { by: 'admin:lin', at: NOW, reason: '误触交卷', minutes: 30 };
    const asked = makeSeat('b', { session: { state: 'submitted', reopen_request } });
    expect(inOrder(makeSeat('a'), asked)).toEqual(['b', 'a']);
    expect(needsAttention(asked, NOW)).toBe(true);
    expect(matchesFilter(asked, 'attention', NOW)).toBe(true);
  });

  it('puts more flags before fewer of the same severity', () => {
    expect(inOrder(flagged('a', 3), flagged('b', 3, 1))).toEqual(['b', 'a']);
  });

  it('falls back to the admission number, then the session', () => {
    const twin = { session: { admission_number: '1' } };
    expect(inOrder(makeSeat('c'), makeSeat('b', twin), makeSeat('a', twin))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('keeps slightly different ages of pictures in place', () => {
    expect(inOrder(silent('a', 21_000), silent('b', 23_000))).toEqual(['a', 'b']);
  });
});

describe('a picture is stale', () => {
  it('after 20 s of answering, also where none has come', () => {
    expect(isStale(silent('a', 20_000), 'first', NOW)).toBe(false);
    expect(isStale(silent('a', 20_001), 'first', NOW)).toBe(true);
    expect(isStale(makeSeat('a', { watch: { latest: [] } }), 'first', T0 + 20_001)).toBe(true);
  });

  it('not in other states, nor a view that never joined', () => {
    const paused = makeSeat('a', { session: { state: 'paused' } });
    expect(isStale(paused, 'first', T0 + 99_000)).toBe(false);
    expect(isStale(makeSeat('a'), 'second', T0 + 99_000)).toBe(false);
  });
});

describe('filters', () => {
  const seats = [
    pending('1'),
    flagged('2', 1),
    silent('3', 30_000),
    makeSeat('4'),
    makeSeat('5', { session: { state: 'paused' } }),
    makeSeat('6', { session: { state: 'terminated' } }),
  ];
  const shown = Object.fromEntries(
    FILTERS.map((filter) => [
      filter,
      ids(seats.filter((seat) => matchesFilter(seat, filter, NOW))),
    ]),
  );

  it('show what they say', () => {
    expect(shown).toEqual({
      all: ['1', '2', '3', '4', '5', '6'],
      attention: ['1', '2', '3'],
      answering: ['2', '3', '4', '5'],
      not_started: ['1'],
      finished: ['6'],
    });
  });

  it('count what they would show', () => {
    const counts = countByFilter(seats, NOW);
    for (const filter of FILTERS) expect(counts[filter]).toBe(shown[filter]?.length);
  });

  it('no identity waits once the session has gone on', () => {
    const departed = makeSeat('a', { identity: { status: 'pending' } });
    expect(needsAttention(departed, NOW)).toBe(false);
  });

  it('search by every word in name or number', () => {
    const seat = makeSeat('77', { session: { candidate_name: '欧阳 Anna' } });
    for (const search of ['', '欧阳', 'anna', '202277', ' 欧阳  77 ']) {
      expect(matchesSearch(seat, search.trim())).toBe(true);
    }
    expect(matchesSearch(seat, '欧阳 78')).toBe(false);
  });
});

describe('settling', () => {
  it('moves nobody: who left goes, who is new comes last', () => {
    expect(stabilize(['a', 'b', 'c'], ['d', 'c', 'a'])).toEqual(['a', 'c', 'd']);
  });
});
