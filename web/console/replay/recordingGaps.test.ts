import { describe, expect, it } from 'vitest';
import { makeAuditEntry, T0 } from '../tests/factories';
import { makeSegment } from '../tests/segments';
import { recordingGapAt, recordingGapsIn, type SilentMoment } from './recordingGaps';
import { RECORDING_TEXTS } from './recordingTexts';

const MINUTE = 60_000;
const gapEntry = (track: string, reason: string, begin: number, end: number) =>
  makeAuditEntry(end, 'recording_gap', { track, reason, began_at: begin, ended_at: end });
const audit = [
  makeAuditEntry(T0, 'start'),
  gapEntry('first', 'page_closed', T0 + MINUTE, T0 + 2 * MINUTE),
  gapEntry('screen', 'screen_stopped', T0 + 5 * MINUTE, T0 + 6 * MINUTE),
  gapEntry('attic', 'page_closed', T0, T0 + 1),
  gapEntry('first', 'the_dog', T0, T0 + 1),
];
const gaps = recordingGapsIn(audit);
const window = { readAt: T0 + 60 * MINUTE, tracks: { first: [], second: [], screen: [] } };
const empty: SilentMoment = {
  track: 'first',
  moment: T0 + 90_000,
  aroundFlags: false,
  refused: false,
  broken: null,
  window,
  readFailed: false,
};
const reasonOf = (changes: Partial<SilentMoment>) =>
  recordingGapAt(gaps, { ...empty, ...changes }).reason;

describe('gaps of a recording', () => {
  it('are those the device told, of tracks and reasons that are known', () => {
    expect(gaps.map(({ track, reason }) => [track, reason])).toEqual([
      ['first', 'page_closed'],
      ['screen', 'screen_stopped'],
    ]);
  });

  it('have the reason and the times that were told', () => {
    expect(recordingGapAt(gaps, empty)).toEqual({
      track: 'first',
      reason: 'page_closed',
      at: T0 + MINUTE,
      until: T0 + 2 * MINUTE,
    });
    expect(reasonOf({ track: 'screen' })).toBe('not_arrived');
  });

  it('name what is wrong with a segment, before all else', () => {
    const broken = makeSegment(T0 + 90_000, { error: 'unreadable' });
    expect(reasonOf({ broken })).toBe('unreadable');
    expect(reasonOf({ broken: { ...broken, error: null } })).toBe('gone');
  });

  it('follow from what is known otherwise', () => {
    const moment = T0 + 10 * MINUTE;
    expect(reasonOf({ moment, window: null })).toBe('loading');
    expect(reasonOf({ moment, window: null, readFailed: true })).toBe('unread');
    expect(reasonOf({ moment, refused: true })).toBe('not_consented');
    expect(reasonOf({ moment, aroundFlags: true })).toBe('around_flags');
    expect(reasonOf({ moment: T0 + 60 * MINUTE - 5_000, aroundFlags: true })).toBe('arriving');
  });

  it('have words for every reason, in both languages', () => {
    const [zh, en] = [RECORDING_TEXTS['zh-CN'].recording.gap, RECORDING_TEXTS.en.recording.gap];
    expect(Object.keys(en)).toEqual(Object.keys(zh));
  });
});
