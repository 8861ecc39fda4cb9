import { useWords } from '../ui/useLabels';
import { useAuditWords } from '../candidate/useAuditLabels';
import type { Said } from './communications';

/** In a component: what was said, by whom, in the person's language. */
export function useSaidWords() {
  const { t, locale } = useWords();
  const { actor } = useAuditWords();

  const kind = (one: Said) =>
    t(`replay.said.${one.kind}`) +
    (one.kind === 'talk' && one.untaken ? ` · ${t('replay.untaken')}` : '');

  function by(one: Said): string {
    if (one.kind !== 'chat') return actor(one.by);
    return one.by === 'device' || one.by === 'staff' ? t(`replay.by.${one.by}`) : one.by;
  }

  function text(one: Said): string {
    if (one.kind === 'ask') return t(`replay.asked.${one.text}`);
    return locale.value === 'en' ? one.textEn : one.text;
  }

  return { kind, by, text };
}
