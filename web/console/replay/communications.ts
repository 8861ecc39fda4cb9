/** Communication between staff and a candidate, as spans on the timeline. */
import type { AuditEntry } from '../../shared/api/types';

export type CommunicationKind = 'warning' | 'talk' | 'ask' | 'chat';

export interface Communication {
  readonly id: string;
  readonly kind: CommunicationKind;
  readonly at: number;
  /** When it was acknowledged, ended or begun; its own moment where it is but a moment. */
  readonly until: number;
  readonly by: string;
  readonly text: string;
  /** Another language's words of the same, where there are any. */
  readonly textEn: string;
  /** A talk that nobody took, a warning that nobody acknowledged. */
  readonly unanswered: boolean;
}

/** A chat message as the record holds it. */
export interface ChatRow {
  readonly message_id: string;
  readonly at: number;
  readonly side: 'device' | 'staff';
  readonly author: string;
  readonly text: string;
}

/** Audit actions that start a communication, and those that end it. */
const START_ACTIONS: Readonly<Record<string, CommunicationKind>> = {
  warned: 'warning',
  talk_asked: 'talk',
  asked: 'ask',
};
const END_ACTIONS: Readonly<Record<string, CommunicationKind>> = {
  warning_acknowledged: 'warning',
  talk_ended: 'talk',
  ask_begun: 'ask',
};
export const COMMUNICATION_ACTIONS: readonly string[] = [
  ...Object.keys(START_ACTIONS),
  ...Object.keys(END_ACTIONS),
  'talk_accepted',
];

/** Merge the communication of the audit trail and the chat, oldest first. */
export function communicationsIn(
  audit: readonly AuditEntry[],
  chat: readonly ChatRow[],
): Communication[] {
  const events = audit.flatMap((entry, index) => {
    const kind = START_ACTIONS[entry.action];
    return kind ? [toCommunication(entry, kind, audit.slice(index + 1))] : [];
  });
  const messages = chat.map<Communication>((message) => ({
    id: `chat-${message.message_id}`,
    kind: 'chat',
    at: message.at,
    until: message.at,
    by: message.author || message.side,
    text: message.text,
    textEn: message.text,
    unanswered: false,
  }));
  return [...events, ...messages].sort((a, b) => a.at - b.at);
}

function toCommunication(
  start: AuditEntry,
  kind: CommunicationKind,
  later: readonly AuditEntry[],
): Communication {
  const isEnd = (entry: AuditEntry) =>
    kind === 'ask' || subjectOf(entry) === subjectOf(start)
      ? END_ACTIONS[entry.action] === kind
      : false;
  const end = later.find(isEnd);
  const isAnswered =
    kind === 'talk'
      ? later.some(
          (entry) => entry.action === 'talk_accepted' && subjectOf(entry) === subjectOf(start),
        )
      : end !== undefined;
  const text = String(start.detail.text ?? start.detail.reason ?? start.detail.asked ?? '');
  return {
    id: `${kind}-${start.number}`,
    kind,
    at: start.at,
    until: end?.at ?? start.at,
    by: start.actor,
    text,
    textEn: String(start.detail.text_en ?? text),
    unanswered: !isAnswered,
  };
}

const subjectOf = (entry: AuditEntry) => entry.detail.call ?? entry.detail.warning;

/** So long after its end something can still be read. */
const LINGER_MS = 8_000;

/** Return whether a span is active at a moment, or ended just before it. */
export function isVisibleAt(span: { at: number; until: number }, moment: number): boolean {
  return span.at <= moment && moment <= span.until + LINGER_MS;
}
