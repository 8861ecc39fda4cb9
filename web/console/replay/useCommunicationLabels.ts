import { useWords } from '../ui/useLabels';
import { useAuditWords } from '../candidate/useAuditLabels';
import type { Said } from './communications';

/** In a component: what was said, by whom, in the person's language. */
export function useSaidWords() {
  const { t, locale } = useWords();
  const { actor } = useAuditWords();

  const kind = (communication: Said) =>
    t(`replay.said.${communication.kind}`) +
    (communication.kind === 'talk' && communication.untaken ? ` · ${t('replay.untaken')}` : '');

  function by(communication: Said): string {
    if (communication.kind !== 'chat') return actor(communication.by);
    return communication.by === 'device' || communication.by === 'staff'
      ? t(`replay.by.${communication.by}`)
      : communication.by;
  }

  function text(communication: Said): string {
    if (communication.kind === 'ask') return t(`replay.asked.${communication.text}`);
    return locale.value === 'en' ? communication.textEn : communication.text;
  }

  return { kind, by, text };
}
