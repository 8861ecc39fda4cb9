/** A range that somebody cuts out of a recording. */

export interface CutRange {
  readonly begin: number;
  readonly end: number;
}

/** The API keeps no more than this at once. */
export const MAX_PIECE_MS = 2 * 60_000;

/** Split a range into pieces that the API keeps, in order. */
export function piecesOf({ begin, end }: CutRange): CutRange[] {
  const pieces: CutRange[] = [];
  for (let at = begin; at < end; at += MAX_PIECE_MS) {
    pieces.push({ begin: at, end: Math.min(end, at + MAX_PIECE_MS) });
  }
  return pieces;
}

/** Both ends as they are marked; a mark on the wrong side of the other takes it away. */
export interface CutMarks {
  readonly begin: number | null;
  readonly end: number | null;
}

export const NO_MARKS: CutMarks = { begin: null, end: null };

export function markBegin({ end }: CutMarks, begin: number): CutMarks {
  return { begin, end: end !== null && end > begin ? end : null };
}

export function markEnd({ begin }: CutMarks, end: number): CutMarks {
  return { begin: begin !== null && begin < end ? begin : null, end };
}

/** The range between two marks; null until both stand. */
export function rangeOf({ begin, end }: CutMarks): CutRange | null {
  return begin !== null && end !== null ? { begin, end } : null;
}
