import { describe, expect, it } from 'vitest';
import type { Receipt, Session } from '../../shared/api/types';
import { receiptFile } from './receiptFile';

const session = {
  kind: 'official',
  exam_title: { zh: '考试', en: 'Exam' },
  subject: { title: { zh: '科目', en: 'Subject' } },
  person: { name: '<b>"林"</b>', admission_number: '2026&0001' },
} as unknown as Session;
const receipt: Receipt = {
  number: 'ABCD-EF01-2345',
  at: 1_800_000_000_000,
  answers_hash: 'f'.repeat(64),
  answered: 3,
  questions: 4,
};

describe('the receipt to keep', () => {
  const file = receiptFile(session, receipt, [
    { id: 'zh-CN', translate: (key) => `zh:${key}`, localize: (text) => text.zh },
    { id: 'en', translate: (key) => `en:${key}`, localize: (text) => text.en },
  ]);

  it('says everything in both languages, with the hash and how to check it', () => {
    for (const part of ['zh:ended.receipt', 'en:ended.receipt', '科目', 'Subject']) {
      expect(file).toContain(part);
    }
    expect(file.split(receipt.answers_hash)).toHaveLength(3);
    expect(file.match(/receiptFile\.formula/g)).toHaveLength(2);
    expect(file).toContain('ABCD-EF01-2345');
  });

  it('needs nothing else, and no text of it is taken for a tag', () => {
    expect(file).not.toMatch(/src=|href=|<script|@import|url\(/);
    expect(file).not.toContain('<b>');
    expect(file).toContain('&lt;b&gt;&quot;林&quot;&lt;/b&gt;');
    expect(file).toContain('2026&amp;0001');
  });
});
