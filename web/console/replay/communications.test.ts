import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../shared/api/types';
import { isVisibleAt, communicationsIn } from './communications';

let number = 0;
const entry = (at: number, action: string, detail: AuditEntry['detail'] = {}): AuditEntry => ({
  number: (number += 1),
  at,
  actor: 'proctor:lin',
  action,
  detail,
  hash: '',
});

const communications = communicationsIn(
  [
    entry(10_000, 'warned', { text: '请看镜头', text_en: 'Look here', warning: 'a' }),
    entry(11_000, 'warned', { text: '请看镜头', text_en: 'Look here', warning: 'b' }),
    entry(12_000, 'talk_asked', { call: 'x', reason: '核对' }),
    entry(13_000, 'talk_accepted', { call: 'x' }),
    entry(15_000, 'warning_acknowledged', { warning: 'a' }),
    entry(30_000, 'talk_ended', { call: 'x' }),
    entry(40_000, 'talk_asked', { call: 'y' }),
    entry(50_000, 'talk_ended', { call: 'y' }),
    entry(60_000, 'asked', { asked: 'room' }),
    entry(65_000, 'ask_begun', { asked: 'room' }),
    entry(70_000, 'pause'),
  ],
  [{ message_id: 'm', at: 20_000, side: 'device', author: '', text: '看不到题目' }],
);

describe('what was said', () => {
  it('stands in order, with its end and whether anybody took it', () => {
    expect(
      communications.map((communication) => [
        communication.kind,
        communication.at,
        communication.until,
        communication.unanswered,
      ]),
    ).toEqual([
      ['warning', 10_000, 15_000, false],
      ['warning', 11_000, 11_000, true],
      ['talk', 12_000, 30_000, false],
      ['chat', 20_000, 20_000, false],
      ['talk', 40_000, 50_000, true],
      ['ask', 60_000, 65_000, false],
    ]);
    expect(communications.map((communication) => communication.text)).toEqual([
      '请看镜头',
      '请看镜头',
      '核对',
      '看不到题目',
      '',
      'room',
    ]);
  });

  it('can be read while it goes on and a moment longer', () => {
    const at = (moment: number) =>
      communications
        .filter((communication) => isVisibleAt(communication, moment))
        .map((communication) => communication.kind);
    expect(at(20_000)).toEqual(['warning', 'talk', 'chat']);
    expect(at(9_999)).toEqual([]);
    expect(at(58_001)).toEqual([]);
  });
});
