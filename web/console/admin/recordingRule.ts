/** What a recording rule asks of a candidate's line, as the form tells it. */
import type { RecordingQuality, RecordingRule } from '../../shared/api/types';
import { TRACKS } from '../model/tracks';

const SOUND_KILOBITS = 32;
const CAMERA_KILOBITS: Readonly<Record<RecordingQuality, number>> = {
  low: 150,
  standard: 400,
  high: 1_000,
};
const SCREEN_KILOBITS: Readonly<Record<RecordingQuality, number>> = {
  low: 200,
  standard: 500,
  high: 1_000,
};

/** The upload of all tracks that are recorded throughout, in kbit/s: those around flags come after. */
export function uploadKilobits(rule: RecordingRule): number {
  const camera = CAMERA_KILOBITS[rule.quality] + SOUND_KILOBITS;
  const of = { first: camera, second: camera, screen: SCREEN_KILOBITS[rule.quality] };
  return TRACKS.filter((track) => rule[track] !== 'none').reduce(
    (sum, track) => sum + of[track],
    0,
  );
}
