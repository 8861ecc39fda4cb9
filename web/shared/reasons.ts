import type { Text } from './api/types';

/** What the system does by a subject's rule it gives a code for. */
const BY_RULE: Readonly<Record<string, Text>> = {
  left_too_often: {
    zh: '多次离开考试页面，等待监考老师处理。',
    en: 'The exam page was left too often; the exam is paused until a proctor decides.',
  },
  left_beyond_limit: {
    zh: '离开考试页面次数超过规定。',
    en: 'The exam page was left more often than allowed.',
  },
};

/** A reason as it is read: the rule's in the page's language, a person's as it was written. */
export function reasonText(reason: string, pick: (text: Text) => string): string {
  const text = BY_RULE[reason];
  return text ? pick(text) : reason;
}
