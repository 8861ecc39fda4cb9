import { useTexts } from '../../shared/i18n';
import { reasonText } from '../../shared/reasons';
import { spanText } from '../ui/formatTime';
import { useWords } from '../ui/useLabels';
import type { Audit } from '../types';

const IDS = new Set(['capture', 'flag', 'call', 'warning', 'review', 'flags', 'evidence', 'key']);

type Value = Audit['detail'][string];

/** In a component: an audit entry's actor and detail in the person's language. */
export function useAuditWords() {
  const { t, locale, localize } = useTexts();
  const { word, severity, clockTime } = useWords();

  /** `proctor:lin` reads «Proctor lin». */
  function actor(named: string): string {
    const [role = '', name] = named.split(':', 2);
    return [word('audit.actors', role), name].filter(Boolean).join(' ');
  }

  function shown(key: string, value: Exclude<Value, null>): string {
    if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no');
    if (typeof value === 'string') return phrase(key, value);
    if (key === 'severity') return severity(value);
    if (key.endsWith('_at') || key === 'moment') return clockTime(value);
    if (key === 'credit' || key === 'silent') return spanText(value);
    return String(Math.round(value * 1000) / 1000);
  }

  function phrase(key: string, value: string): string {
    if (key === 'text' || key === 'text_en') return value;
    if (key === 'view') return word('view', value);
    if (key === 'kind') return sitting(value) ?? word('kind', value);
    if (key === 'outcome') return t(`device.outcomes.${value}`);
    if (key === 'why') return word('flags.because', value);
    if (key === 'status') return named(value, 'identity.status', 'review.status');
    if (key === 'reason')
      return reasonText(named(value, 'identity.reason', 'review.reasons'), localize);
    if (key === 'verdict') return word('review.verdict', value);
    if (key === 'place') return word('violation.place', value);
    if (key === 'asked') return word('replay.asked', value);
    return value.length > 40 ? `${value.slice(0, 12)}…` : value;
  }

  /** The value's name in the first group that knows it. */
  function named(value: string, ...groups: Parameters<typeof word>[0][]): string {
    return groups.map((group) => word(group, value)).find((label) => label !== value) ?? value;
  }

  function sitting(value: string): string | null {
    return value === 'trial' || value === 'official' ? t(`seat.${value}`) : null;
  }

  /** Ids say nothing to a reader that the kind and time do not; of two languages one is enough. */
  function hidden(entry: Audit, key: string): boolean {
    if (key === 'text_en') return locale.value !== 'en';
    if (key === 'text') return locale.value === 'en' && 'text_en' in entry.detail;
    return IDS.has(key);
  }

  function detail(entry: Audit): string {
    return Object.entries(entry.detail)
      .filter(([key]) => !hidden(entry, key))
      .flatMap(([key, value]) =>
        value === null || value === ''
          ? []
          : [`${word('audit.details', key)} ${shown(key, value)}`],
      )
      .join(' · ');
  }

  return { actor, detail };
}
