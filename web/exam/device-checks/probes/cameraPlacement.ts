/** What a test picture's judgement is worth: how the face stands before the camera. */
import type { TestShot } from '../../../shared/api/types';
import type { Measured } from './computer';

export const RIGHT = 0;
export const BETTER = 1;
export const UNSEEN = 2;

/** With one of these, nobody can be recognised in the picture. */
const GRAVE: ReadonlySet<TestShot['problems'][number]> = new Set([
  'unreadable',
  'covered',
  'several_people',
  'no_face',
  'nobody',
] as const);

/** Null where the models have not answered. */
export function worthOf(shot: TestShot | null): Measured {
  if (!shot) return { value: null };
  const { problems } = shot;
  const value = problems.some((problem) => GRAVE.has(problem))
    ? UNSEEN
    : problems.length
      ? BETTER
      : RIGHT;
  return { value, note: problems.join(' ') };
}
