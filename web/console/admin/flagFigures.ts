/** What a record says about its flags: sums over rooms, and intervals. */
import type { FlagFigures, FlagKind, RoomFigures } from '../../shared/api/types';

export interface KindFigures {
  readonly kind: FlagKind;
  readonly confirmed: number;
  readonly dismissed: number;
  readonly undecided: number;
  readonly sessions: number;
}

/** Sum one subject's flags by kind; of one rules profile, or of all. */
export function sumByKind(
  rooms: readonly RoomFigures[],
  subjectId: string,
  profile: string | null,
): KindFigures[] {
  const sums = new Map<FlagKind, KindFigures>();
  for (const figures of flagsOf(rooms, subjectId)) {
    if (profile !== null && figures.profile !== profile) continue;
    const before = sums.get(figures.kind);
    sums.set(figures.kind, {
      kind: figures.kind,
      confirmed: (before?.confirmed ?? 0) + figures.confirmed,
      dismissed: (before?.dismissed ?? 0) + figures.dismissed,
      undecided: (before?.undecided ?? 0) + figures.undecided,
      sessions: (before?.sessions ?? 0) + figures.sessions,
    });
  }
  return [...sums.values()];
}

/** The rules profiles that a subject's sessions had. */
export function profilesOf(rooms: readonly RoomFigures[], subjectId: string): string[] {
  return [...new Set(flagsOf(rooms, subjectId).map((figures) => figures.profile))].sort();
}

/** Violations of a subject that people saw and no flag pointed to. */
export function violationsWithoutFlag(rooms: readonly RoomFigures[], subjectId: string): number {
  return rooms
    .flatMap((room) => room.without_flag)
    .filter((count) => count.subject_id === subjectId)
    .reduce((sum, count) => sum + count.violations, 0);
}

function flagsOf(rooms: readonly RoomFigures[], subjectId: string): FlagFigures[] {
  return rooms.flatMap((room) => room.flags).filter((flags) => flags.subject_id === subjectId);
}

const Z = 1.96; // 95 %

/** The 95 % Wilson score interval of a proportion, which is valid for few cases too. */
export function wilsonInterval(hits: number, total: number): readonly [number, number] {
  if (total === 0) return [0, 1];
  const share = hits / total;
  const spread = Z ** 2 / total;
  const middle = (share + spread / 2) / (1 + spread);
  const noise = (share * (1 - share)) / total + spread / (4 * total);
  const half = (Z * Math.sqrt(noise)) / (1 + spread);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
