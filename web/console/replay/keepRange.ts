/** Keeping a range of recordings as evidence, piece by piece. */
import { newId } from '../../shared/ids';
import { piecesOf, type CutRange } from './cut';

/** A piece with the id by which the server knows a repeat. */
export interface KeptPiece extends CutRange {
  readonly actId: string;
}

export interface KeptProgress {
  /** Pieces that were gone through. */
  readonly done: number;
  /** Those of them in which something was recorded. */
  readonly kept: number;
}

export interface RangeKeeper {
  readonly pieces: number;
  /**
   * Keep what is not kept yet, as `send` does it; it returns whether there was anything in a piece.
   * Throws what the API refuses: a repeat goes on from there.
   */
  keep(
    send: (piece: KeptPiece) => Promise<boolean>,
    onProgress: (progress: KeptProgress) => void,
  ): Promise<void>;
}

export function createRangeKeeper(range: CutRange): RangeKeeper {
  const pieces = piecesOf(range).map((piece) => ({ ...piece, actId: newId() }));
  let progress: KeptProgress = { done: 0, kept: 0 };
  return {
    pieces: pieces.length,
    async keep(send, onProgress) {
      for (const piece of pieces.slice(progress.done)) {
        const isKept = await send(piece);
        progress = { done: progress.done + 1, kept: progress.kept + (isKept ? 1 : 0) };
        onProgress(progress);
      }
    },
  };
}
