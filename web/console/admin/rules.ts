/** What a rule means in the end: how many captures, and about how long. */
import type { FlagKind, FlagRule, Profiles } from '../../shared/api/types';

const PICTURE_S = 5;
const PHONE_PICTURE_S = 10;
const CLIP_S = 30;
/** A piece of recorded sound. */
const RECORDED_S = 10;
const SOUND_KINDS: readonly FlagKind[] = [
  'voice',
  'second_voice',
  'muted',
  'no_sound',
  'repeated_sound',
];
/** What only the second view sees, whose pictures come half as often. */
const SECOND_VIEW_KINDS: readonly FlagKind[] = ['hands_out_of_sight', 'camera_moved', 'same_view'];
/** Told by devices and acts: only whether, and how severe. */
const REPORTED_KINDS: readonly FlagKind[] = [
  'capture_replaced',
  'consent_withdrawn',
  'virtual_camera',
  'headset',
  'power_unplugged',
  'shared_phone',
  'same_device',
  'screen_not_shared',
];
/** Always a notice, however long it lasts. */
const NOTICE_KINDS: readonly FlagKind[] = ['possible_phone', 'standing_thing', 'second_voice'];

export const isSound = (kind: FlagKind) => SOUND_KINDS.includes(kind);
export const isReported = (kind: FlagKind) => REPORTED_KINDS.includes(kind);
export const isAlwaysNotice = (kind: FlagKind) => NOTICE_KINDS.includes(kind);
/** What is not seen but lacking: planned moments that brought nothing. */
const MISSING_KINDS: readonly FlagKind[] = ['captures_missing', 'no_sound'];

export const isMissing = (kind: FlagKind) => MISSING_KINDS.includes(kind);
/** A view's silence is counted by time, not by pictures; what devices tell by neither. */
export const isCounted = (kind: FlagKind) => kind !== 'no_snapshot' && !isReported(kind);

/** About how long it takes until so many captures in a row have been made, in seconds. */
export function secondsOf(kind: FlagKind, captures: number): number {
  if (kind === 'second_voice') return captures * RECORDED_S;
  if (isSound(kind)) return captures * CLIP_S;
  return captures * (SECOND_VIEW_KINDS.includes(kind) ? PHONE_PICTURE_S : PICTURE_S);
}

export function isSameRule(rule: FlagRule, other: FlagRule | undefined): boolean {
  if (rule.on !== other?.on) return false;
  if (!rule.on) return true;
  return (
    rule.hits === other.hits &&
    rule.window === other.window &&
    rule.clear === other.clear &&
    rule.severity === other.severity &&
    rule.grows_after === other.grows_after &&
    rule.missing_after === other.missing_after
  );
}

export const copyRules = (rules: readonly FlagRule[]) => rules.map((rule) => ({ ...rule }));

/** Within what a rule may be adjusted, as the server says. */
export type Bounds = Profiles['bounds'];

/** Why a rule cannot be: the key of a sentence, or null. The server has the last word. */
export function ruleFault(
  rule: FlagRule,
  bounds: Bounds,
): 'hits' | 'window' | 'clear' | 'again' | 'missing' | null {
  if (!rule.on) return null;
  if (!isCounted(rule.kind)) {
    const { shortest_missing: shortest, longest_missing: longest } = bounds;
    return rule.missing_after >= shortest && rule.missing_after <= longest ? null : 'missing';
  }
  const maxWindow = bounds.most_observations;
  if (!(rule.window >= 1 && rule.window <= maxWindow)) return 'window';
  if (!(rule.hits >= 1 && rule.hits <= rule.window)) return 'hits';
  if (!(rule.clear >= 1 && rule.clear <= maxWindow)) return 'clear';
  return rule.window - rule.clear >= rule.hits ? 'again' : null;
}
