import { useTexts } from '../../shared/i18n';
import { reasonText } from '../../shared/reasons';
import { formatElapsed } from '../../shared/time';
import { useLabels } from './useLabels';
import type { AuditEntry } from '../../shared/api/types';

const IDS = new Set([
  'capture',
  'flag',
  'call',
  'warning',
  'review',
  'flags',
  'evidence',
  'key',
  'follows',
  'followed_by',
]);

type Value = AuditEntry['detail'][string];

/** In a component: an audit entry's actor and detail in the person's language. */
export function useAuditLabels() {
  const { t, locale, localize } = useTexts();
  const { labelOf, severity, clockTime } = useLabels();

  /** `proctor:lin` reads «Proctor lin». */
  function actor(actorId: string): string {
    const [role = '', name] = actorId.split(':', 2);
    return [labelOf('audit.actors', role), name].filter(Boolean).join(' ');
  }

  function formatValue(key: string, value: Exclude<Value, null>): string {
    if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no');
    if (typeof value === 'string') return formatText(key, value);
    if (key === 'severity') return severity(value);
    if (key.endsWith('_at') || key === 'moment' || key === 'since') return clockTime(value);
    if (key === 'credit' || key === 'silent' || key === 'span') return formatElapsed(value);
    return String(Math.round(value * 1000) / 1000);
  }

  function formatText(key: string, value: string): string {
    if (key === 'text' || key === 'text_en') return value;
    if (key === 'view') return labelOf('view', value);
    if (key === 'medium') return labelOf('medium', value);
    if (key === 'kind') return sitting(value) ?? labelOf('kind', value);
    if (key === 'outcome') return t(`device.outcomes.${value}`);
    if (key === 'why') return labelOf('flags.because', value);
    if (key === 'status')
      return firstLabel(value, 'identity.status', 'review.status', 'recording.screen_status');
    if (key === 'track') return labelOf('track', value);
    if (['tracks', 'heard', 'unrecorded'].includes(key)) return trackNames(value);
    if (key.startsWith('record_')) return labelOf('recording.mode', value);
    if (key === 'reason')
      return reasonText(
        firstLabel(value, 'identity.reason', 'review.reasons', 'recording.gap'),
        localize,
      );
    if (key === 'verdict') return labelOf('review.verdict', value);
    if (key === 'place') return labelOf('violation.place', value);
    if (key === 'asked') return labelOf('replay.asked', value);
    return value.length > 40 ? `${value.slice(0, 12)}…` : value;
  }

  /** The value's name in the first group that knows it. */
  function firstLabel(value: string, ...groups: Parameters<typeof labelOf>[0][]): string {
    return groups.map((group) => labelOf(group, value)).find((label) => label !== value) ?? value;
  }

  const trackNames = (value: string) =>
    value
      .split(',')
      .map((track) => labelOf('track', track))
      .join(locale.value === 'en' ? ', ' : '、');

  function sitting(value: string): string | null {
    return value === 'trial' || value === 'official' ? t(`seat.${value}`) : null;
  }

  /** Ids tell a reader nothing beyond kind and time; of two languages one is shown. */
  function isHidden(entry: AuditEntry, key: string): boolean {
    if (key === 'text_en') return locale.value !== 'en';
    if (key === 'text') return locale.value === 'en' && 'text_en' in entry.detail;
    return IDS.has(key);
  }

  function detail(entry: AuditEntry): string {
    return Object.entries(entry.detail)
      .filter(([key]) => !isHidden(entry, key))
      .flatMap(([key, value]) =>
        value === null || value === ''
          ? []
          : [`${labelOf('audit.details', key)} ${formatValue(key, value)}`],
      )
      .join(' · ');
  }

  return { actor, detail };
}
