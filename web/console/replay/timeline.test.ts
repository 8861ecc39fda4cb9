import { describe, expect, it } from 'vitest';
import { makeFlag } from '../tests/factories';
import type { AuditEntry, Observation } from '../../shared/api/types';
import { flagsAt, indexAt, nextFlag, fractionAt, pictureAt, buildTimeline } from './timeline';

const picture = (at: number, changes: Partial<Observation> = {}): Observation => ({
  capture_id: String(at),
  view: 'first',
  medium: 'picture',
  captured_at: at,
  url: '',
  findings: [],
  boxes: [],
  similarity: null,
  measures: {},
  timings_ms: {},
  models: {},
  error: null,
  ...changes,
});

const flag = (began_at: number, ended_at: number | null) =>
  makeFlag({ flag_id: String(began_at), began_at, ended_at });

const entry = (action: string): AuditEntry => ({
  number: 1,
  at: 0,
  actor: 'system',
  action,
  detail: {},
  hash: '',
});

const line = buildTimeline({
  captures: [
    picture(30),
    picture(10),
    picture(20, { view: 'second' }),
    picture(40, { error: 'broken' }),
    picture(50, { medium: 'sound' }),
  ],
  flags: [flag(25, null), flag(12, 18)],
  audit: [entry('flag_opened'), entry('pause'), entry('warned')],
  answers: [9, 3],
  chat: [],
});

describe('the time line', () => {
  it('spans the pictures that can be shown', () => {
    expect([line?.begin, line?.end]).toEqual([10, 30]);
    expect(line?.answers).toEqual([3, 9]);
    expect(line?.events.map((event) => event.action)).toEqual(['pause']);
  });

  it('is nothing without a picture', () => {
    expect(buildTimeline({ captures: [], flags: [], audit: [], answers: [], chat: [] })).toBeNull();
  });

  it('shows the newest picture of each view', () => {
    if (!line) throw new Error('no line');
    expect(pictureAt(line, 'first', 29)?.captured_at).toBe(10);
    expect(pictureAt(line, 'first', 30)?.captured_at).toBe(30);
    expect(pictureAt(line, 'second', 19)).toBeNull();
  });

  it('knows which flags are open, and jumps from one to the next', () => {
    if (!line) throw new Error('no line');
    expect(flagsAt(line, 15).map((flag) => flag.began_at)).toEqual([12]);
    expect(flagsAt(line, 30).map((flag) => flag.began_at)).toEqual([25]);
    expect(nextFlag(line, 12, 1)).toBe(25);
    expect(nextFlag(line, 25, 1)).toBeNull();
    expect(nextFlag(line, 25, -1)).toBe(12);
  });

  it('finds places', () => {
    if (!line) throw new Error('no line');
    expect(fractionAt(line, 20)).toBe(0.5);
    expect(fractionAt(line, 99)).toBe(1);
    expect(indexAt([1, 2, 2, 3], 2)).toBe(2);
    expect(indexAt([], 2)).toBe(-1);
  });
});
