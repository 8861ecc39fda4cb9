import { describe, expect, it } from 'vitest';
import type { FlagFigures, RoomFigures } from '../../shared/api/types';
import { profilesOf, sumByKind, violationsWithoutFlag, wilsonInterval } from './flagFigures';

const flags = (changes: Partial<FlagFigures> = {}): FlagFigures => ({
  kind: 'phone',
  subject_id: 's1',
  profile: 'standard',
  confirmed: 3,
  dismissed: 1,
  undecided: 2,
  sessions: 2,
  ...changes,
});
const ROOMS: RoomFigures[] = [
  {
    room_id: 'a',
    flags: [flags(), flags({ profile: 'strict', confirmed: 0 }), flags({ subject_id: 's2' })],
    without_flag: [{ subject_id: 's1', violations: 1 }],
  },
  {
    room_id: 'b',
    flags: [flags(), flags({ kind: 'book', undecided: 0 })],
    without_flag: [
      { subject_id: 's1', violations: 2 },
      { subject_id: 's2', violations: 5 },
    ],
  },
];

describe('figures of a record', () => {
  it('are summed over the rooms, for one subject', () => {
    expect(sumByKind(ROOMS, 's1', null)).toEqual([
      { kind: 'phone', confirmed: 6, dismissed: 3, undecided: 6, sessions: 6 },
      { kind: 'book', confirmed: 3, dismissed: 1, undecided: 0, sessions: 2 },
    ]);
    expect(violationsWithoutFlag(ROOMS, 's1')).toBe(3);
  });

  it('can be those of one profile', () => {
    expect(profilesOf(ROOMS, 's1')).toEqual(['standard', 'strict']);
    expect(sumByKind(ROOMS, 's1', 'strict')).toMatchObject([{ confirmed: 0, dismissed: 1 }]);
  });

  it('have intervals that few cases make wide', () => {
    const rounded = (hits: number, total: number) =>
      wilsonInterval(hits, total).map((share) => Math.round(share * 1000));
    expect(rounded(0, 0)).toEqual([0, 1000]);
    expect(rounded(16, 65)).toEqual([158, 363]);
    expect(rounded(3, 3)).toEqual([438, 1000]);
  });
});
