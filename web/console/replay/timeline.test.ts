import { describe, expect, it } from 'vitest';
import { makeAuditEntry, makeFlag } from '../tests/factories';
import { indexAt } from './indexAt';
import {
  buildTimeline,
  extendTo,
  flagsAt,
  fractionAt,
  nextFlag,
  nextOf,
  wordsOf,
  type TimelineSource,
} from './timeline';

const flag = (began_at: number, ended_at: number | null) =>
  makeFlag({ flag_id: String(began_at), began_at, ended_at });

const entry = (action: string, at = 0) => makeAuditEntry(at, action);

const source: TimelineSource = {
  startedAt: 12,
  joinedAt: null,
  notAsked: false,
  flags: [flag(25, null), flag(12, 18)],
  audit: [
    entry('signed_in', 5),
    entry('wait', 10),
    entry('flag_opened', 12),
    entry('left_page', 14),
    entry('warned', 16),
    entry('submit', 30),
    entry('event_reviewed', 40),
  ],
  answers: [9, 3],
  chat: [],
};
const line = buildTimeline(source);

describe('the time line', () => {
  it('spans from the waiting room to the end', () => {
    expect([line?.begin, line?.end, line?.isLive]).toEqual([10, 30, false]);
    expect(line?.answers).toEqual([3, 9]);
    expect(line?.events.map((event) => event.action)).toEqual([
      'signed_in',
      'wait',
      'left_page',
      'submit',
    ]);
  });

  it('is nothing before the candidate has come to the waiting room', () => {
    expect(buildTimeline({ ...source, startedAt: null, audit: [entry('signed_in')] })).toBeNull();
  });

  it('grows with the time while the sitting is under way', () => {
    const live = buildTimeline({ ...source, audit: [entry('wait', 10)] });
    if (!live || !line) throw new Error('no line');
    expect(extendTo(live, 500).end).toBe(500);
    expect(extendTo(line, 500).end).toBe(30);
  });

  it('knows which flags are open, and jumps from one to the next', () => {
    if (!line) throw new Error('no line');
    expect(flagsAt(line, 15).map((open) => open.began_at)).toEqual([12]);
    expect(flagsAt(line, 30).map((open) => open.began_at)).toEqual([25]);
    expect(nextFlag(line, 12, 1)).toBe(25);
    expect(nextFlag(line, 25, 1)).toBeNull();
    expect(nextFlag(line, 25, -1)).toBe(12);
  });

  it('jumps from word to word: what was done and said within the sitting', () => {
    if (!line) throw new Error('no line');
    expect(wordsOf(line)).toEqual([10, 14, 16, 30]);
    expect(nextOf(wordsOf(line), 14, 1)).toBe(16);
    expect(nextOf(wordsOf(line), 14, -1)).toBe(10);
    expect(nextOf(wordsOf(line), 30, 1)).toBeNull();
  });

  it('finds places', () => {
    if (!line) throw new Error('no line');
    expect(fractionAt(line, 20)).toBe(0.5);
    expect(fractionAt(line, 99)).toBe(1);
    expect(indexAt([1, 2, 2, 3], 2, Number)).toBe(2);
    expect(indexAt([], 2, Number)).toBe(-1);
  });
});
