import { describe, expect, it } from 'vitest';
import { T0 } from '../tests/factories';
import { markBegin, markEnd, MAX_PIECE_MS, NO_MARKS, piecesOf, rangeOf } from './cut';
import { createRangeKeeper, type KeptPiece, type KeptProgress } from './keepRange';

describe('a cut', () => {
  it('is a range once both ends are marked, in whatever order', () => {
    expect(rangeOf(markBegin(NO_MARKS, T0))).toBeNull();
    const range = { begin: T0, end: T0 + 5 };
    expect(rangeOf(markEnd(markBegin(NO_MARKS, T0), T0 + 5))).toEqual(range);
    expect(rangeOf(markBegin(markEnd(NO_MARKS, T0 + 5), T0))).toEqual(range);
  });

  it('begins anew where an end is marked on the wrong side', () => {
    const marks = markEnd(markBegin(NO_MARKS, T0), T0 + 5);
    expect(markBegin(marks, T0 + 9)).toEqual({ begin: T0 + 9, end: null });
    expect(markEnd(marks, T0 - 9)).toEqual({ begin: null, end: T0 - 9 });
  });

  it('is split into pieces of at most two minutes', () => {
    const pieces = piecesOf({ begin: T0, end: T0 + 2 * MAX_PIECE_MS + 1 });
    expect(pieces.map(({ begin, end }) => end - begin)).toEqual([MAX_PIECE_MS, MAX_PIECE_MS, 1]);
    expect(piecesOf({ begin: T0, end: T0 + MAX_PIECE_MS })).toHaveLength(1);
  });
});

describe('keeping a range', () => {
  it('goes on after a failure with the piece that failed, under the same id', async () => {
    const keeper = createRangeKeeper({ begin: T0, end: T0 + 3 * MAX_PIECE_MS });
    const sent: KeptPiece[] = [];
    const progress: KeptProgress[] = [];
    let fails = 1;
    const send = (piece: KeptPiece) => {
      sent.push(piece);
      if (sent.length === 2 && fails--) return Promise.reject(new Error('lost'));
      // In the last piece nothing was recorded.
      return Promise.resolve(piece.begin < T0 + 2 * MAX_PIECE_MS);
    };
    const keep = () => keeper.keep(send, (made) => progress.push(made));
    await expect(keep()).rejects.toThrow('lost');
    await keep();
    expect(sent.map(({ begin }) => begin - T0)).toEqual([0, 120_000, 120_000, 240_000]);
    expect(sent[1]?.actId).toBe(sent[2]?.actId);
    expect(new Set(sent.map(({ actId }) => actId)).size).toBe(3);
    expect(progress.map(({ done }) => done)).toEqual([1, 2, 3]);
    expect(progress.at(-1)?.kept).toBe(2);
  });
});
