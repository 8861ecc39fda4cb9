/** What was said between staff and a candidate, as spans on the line of time. */
import type { Audit } from '../types';

export type SaidKind = 'warning' | 'talk' | 'ask' | 'chat';

export interface Said {
  readonly id: string;
  readonly kind: SaidKind;
  readonly at: number;
  /** When it was acknowledged, ended or begun; its own moment where it is but a moment. */
  readonly until: number;
  readonly by: string;
  readonly text: string;
  /** Another language's words of the same, where there are any. */
  readonly textEn: string;
  /** A talk that nobody took, a warning that nobody acknowledged. */
  readonly untaken: boolean;
}

/** A chat message as the record holds it. */
export interface ChatRow {
  readonly message_id: string;
  readonly at: number;
  readonly side: 'device' | 'staff';
  readonly author: string;
  readonly text: string;
}

/** Entries of the audit that begin something said, and those that end it. */
const BEGINS: Readonly<Record<string, SaidKind>> = {
  warned: 'warning',
  talk_asked: 'talk',
  asked: 'ask',
};
const ENDS: Readonly<Record<string, SaidKind>> = {
  warning_acknowledged: 'warning',
  talk_ended: 'talk',
  ask_begun: 'ask',
};
export const SAYING: readonly string[] = [
  ...Object.keys(BEGINS),
  ...Object.keys(ENDS),
  'talk_accepted',
];

/** Put together what the audit and the chat tell, oldest first. */
export function saidIn(audit: readonly Audit[], chat: readonly ChatRow[]): Said[] {
  const told = audit.flatMap((entry, index) => {
    const kind = BEGINS[entry.action];
    return kind ? [spoken(entry, kind, audit.slice(index + 1))] : [];
  });
  const written = chat.map<Said>((message) => ({
    id: `chat-${message.message_id}`,
    kind: 'chat',
    at: message.at,
    until: message.at,
    by: message.author || message.side,
    text: message.text,
    textEn: message.text,
    untaken: false,
  }));
  return [...told, ...written].toSorted((a, b) => a.at - b.at);
}

function spoken(begin: Audit, kind: SaidKind, later: readonly Audit[]): Said {
  const same = (entry: Audit) =>
    kind === 'ask' || nameOf(entry) === nameOf(begin) ? ENDS[entry.action] === kind : false;
  const end = later.find(same);
  const taken =
    kind === 'talk'
      ? later.some((entry) => entry.action === 'talk_accepted' && nameOf(entry) === nameOf(begin))
      : end !== undefined;
  const text = String(begin.detail.text ?? begin.detail.reason ?? begin.detail.asked ?? '');
  return {
    id: `${kind}-${begin.number}`,
    kind,
    at: begin.at,
    until: end?.at ?? begin.at,
    by: begin.actor,
    text,
    textEn: String(begin.detail.text_en ?? text),
    untaken: !taken,
  };
}

const nameOf = (entry: Audit) => entry.detail.call ?? entry.detail.warning;

/** So long after its end something can still be read. */
const LINGERS = 8_000;

/** Tell whether something goes on at a moment, or was over just before it. */
export function goesOn(span: { at: number; until: number }, moment: number): boolean {
  return span.at <= moment && moment <= span.until + LINGERS;
}
