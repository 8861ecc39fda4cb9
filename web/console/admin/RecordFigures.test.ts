// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import type { ExamSetup, FlagFigures, SubjectSetup } from '../../shared/api/types';
import { createStubApi, refusal } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { mountInConsole } from '../tests/mountInConsole';
import RecordFigures from './RecordFigures.vue';

const setup = { exam_id: 'e1' } as ExamSetup;
const subject = { subject_id: 's1' } as SubjectSetup;
const ROOMS = '/admin/exams/e1/rooms';
const room = (room_id: string) => ({ room_id, name: { zh: room_id, en: room_id } });
const flags = (profile: string, confirmed: number): FlagFigures => ({
  kind: 'phone',
  subject_id: 's1',
  profile,
  confirmed,
  dismissed: 1,
  undecided: 2,
  sessions: 2,
});
const answers = () => ({
  [ROOMS]: [{ rooms: [room('a'), room('b')] }],
  [`${ROOMS}/a/figures`]: [{ room_id: 'a', flags: [flags('standard', 3)], without_flag: [] }],
  [`${ROOMS}/b/figures`]: [
    {
      room_id: 'b',
      flags: [flags('strict', 0)],
      without_flag: [{ subject_id: 's1', violations: 4 }],
    },
  ],
});

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

function show(stub = createStubApi(answers())) {
  mounted = mountInConsole(RecordFigures, stub, { setup, subject });
  return stub;
}

describe('figures of the record', () => {
  it('say what they are not before anything is read', () => {
    const stub = show();
    expect(mounted.get('record-not-recall').textContent).toContain('这不是检出率');
    expect(stub.sent).toEqual([]);
  });

  it('are read room by room and summed, also for one profile', async () => {
    const stub = show();
    await mounted.press('record-read');
    await mounted.appears('record-phone');
    expect(stub.sent.map((request) => request.path)).toEqual([
      ROOMS,
      `${ROOMS}/a/figures`,
      `${ROOMS}/b/figures`,
    ]);
    expect(mounted.get('record-phone').textContent).toContain('3 / 5：60% [23%, 88%]');
    expect(mounted.get('record-seen').textContent).toContain('4 起');
    await mounted.fill('record-profile', 'strict');
    expect(mounted.get('record-phone').textContent).toContain('0 / 1：0% [0%, 79%]');
  });

  it('can be read again after a failure', async () => {
    show(createStubApi({ ...answers(), [ROOMS]: [refusal(500), ...answers()[ROOMS]] }));
    await mounted.press('record-read');
    await mounted.appears('record-failed');
    await mounted.press('record-read');
    await mounted.appears('record-seen');
  });
});
