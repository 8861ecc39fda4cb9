import { useLabels } from '../ui/useLabels';
import { useAuditLabels } from '../ui/useAuditLabels';
import type { Communication } from './communications';

/** In a component: a communication's kind, author and text in the user's language. */
export function useCommunicationLabels() {
  const { t, locale } = useLabels();
  const { actor } = useAuditLabels();

  const kind = (communication: Communication) =>
    t(`replay.said.${communication.kind}`) +
    (communication.kind === 'talk' && communication.unanswered ? ` · ${t('replay.untaken')}` : '');

  function by(communication: Communication): string {
    if (communication.kind !== 'chat') return actor(communication.by);
    return communication.by === 'device' || communication.by === 'staff'
      ? t(`replay.by.${communication.by}`)
      : communication.by;
  }

  function text(communication: Communication): string {
    if (communication.kind === 'ask') return t(`replay.asked.${communication.text}`);
    return locale.value === 'en' ? communication.textEn : communication.text;
  }

  return { kind, by, text };
}
