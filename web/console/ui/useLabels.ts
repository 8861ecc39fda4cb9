import { useI18n } from 'vue-i18n';
import { formatSeconds } from '../../shared/time';
import { ageOf } from './formatTime';

type Group =
  | 'admin.recording.items'
  | 'audit.actions'
  | 'audit.actors'
  | 'audit.details'
  | 'error'
  | 'flags.because'
  | 'identity.reason'
  | 'identity.status'
  | 'kind'
  | 'label'
  | 'measure'
  | 'medium'
  | 'role'
  | 'recording.gap'
  | 'recording.mode'
  | 'recording.screen_status'
  | 'replay.asked'
  | 'review.reasons'
  | 'review.status'
  | 'review.verdict'
  | 'state'
  | 'track'
  | 'view'
  | 'violation.place';

/** In a component: names of the contract's values, and times, in the person's language. */
export function useLabels() {
  const texts = useI18n({ useScope: 'global' });
  const { t, locale } = texts;

  /** Return a value's name; one that this page does not know yet stands for itself. */
  function labelOf(group: Group, value: string): string {
    const key = `${group}.${value}`;
    return texts.te(key) ? t(key) : value;
  }

  const severity = (level: number) => t(`severity.s${Math.min(3, Math.max(1, level))}`);

  function age(ms: number): string {
    const { unit, n } = ageOf(ms);
    return t(`time.${unit}`, { n });
  }

  const clockTime = (at: number) => formatSeconds(at, locale.value);
  const percent = (part: number) => `${Math.round(part * 100)}%`;

  return { t, locale, labelOf, severity, age, clockTime, percent };
}
