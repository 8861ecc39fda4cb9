import { describe, expect, it } from 'vitest';
import type { Review, ReviewQueue } from '../../shared/api/types';
import { buildLists, selectedAfter } from './queue';

const review = (id: string, changes: Partial<Review> = {}): ReviewQueue['reviews'][number] => ({
  candidate_name: '考生',
  admission_number: '1',
  review: {
    review_id: id,
    session_id: 's',
    version: 1,
    status: 'awaiting_second',
    flag_ids: [],
    kinds: [],
    severity: 2,
    began_at: 0,
    ended_at: 1,
    decisions: [],
    evidence_ids: [],
    number: null,
    ...changes,
  },
});

const event = (
  session: string,
  severity: number,
  began_at: number,
): ReviewQueue['events'][number] => ({
  session_id: session,
  candidate_name: '考生',
  admission_number: '1',
  severity,
  began_at,
  ended_at: null,
  flags: [],
});

const queue = (changes: Partial<ReviewQueue>): ReviewQueue => ({
  room_id: 'r',
  events: [],
  reviews: [],
  settled: [],
  now: 0,
  ...changes,
});

describe('the queue', () => {
  it('puts the rooms together, the most severe first, then the oldest', () => {
    const lists = buildLists([
      queue({ events: [event('late', 2, 9), event('grave', 3, 99)] }),
      queue({ events: [event('early', 2, 1)] }),
    ]);
    expect(lists.waiting.map((entry) => entry.sessionId)).toEqual(['grave', 'early', 'late']);
  });

  it('shows what was decided last first', () => {
    const decided = (at: number) => ({
      decisions: [{ by: 'a', at, verdict: 'dismiss', reason: 'mistaken', note: '' } as const],
    });
    const lists = buildLists([
      queue({ settled: [review('1', decided(1)), review('2', decided(2))] }),
    ]);
    expect(lists.settled.map((entry) => entry.review?.review_id)).toEqual(['2', '1']);
  });

  it('keeps the choice, or goes to what took its place', () => {
    const { second } = buildLists([queue({ reviews: [review('1'), review('2')] })]);
    expect(selectedAfter(second, 's/2', 0)?.key).toBe('s/2');
    expect(selectedAfter(second, 'gone', 1)?.key).toBe('s/2');
    expect(selectedAfter(second, 'gone', 7)?.key).toBe('s/2');
    expect(selectedAfter([], 'gone', 0)).toBeNull();
  });
});
