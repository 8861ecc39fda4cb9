/** What a test picture's judgement is worth: how the face stands before the camera. */
import type { CameraTest } from '../../../shared/api/types';
import type { Measurement } from './computer';

export const GOOD = 0;
export const FAIR = 1;
export const UNUSABLE = 2;

/** With one of these, nobody can be recognised in the picture. */
const BLOCKING: ReadonlySet<CameraTest['problems'][number]> = new Set([
  'unreadable',
  'covered',
  'several_people',
  'no_face',
  'nobody',
] as const);

/** Null where the models have not answered. */
export function placementMeasurement(shot: CameraTest | null): Measurement {
  if (!shot) return { value: null };
  const { problems } = shot;
  const value = problems.some((problem) => BLOCKING.has(problem))
    ? UNUSABLE
    : problems.length
      ? FAIR
      : GOOD;
  return { value, note: problems.join(' ') };
}
