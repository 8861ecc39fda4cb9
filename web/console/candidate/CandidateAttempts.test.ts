// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Attempt, Seat, StaffMember } from '../../shared/api/types';
import { createStubApi, refusal } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { makeSeat, T0 } from '../tests/factories';
import { ADMIN, mountInConsole, PROCTOR } from '../tests/mountInConsole';
import { minutesLeft } from './actions';
import CandidateAttempts from './CandidateAttempts.vue';

const REOPEN = '/proctor/sessions/s1/reopen';
const MINUTE = 60_000;

const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
  session_id: 's1',
  attempt: 1,
  state: 'submitted',
  created_at: T0,
  started_at: T0 + MINUTE,
  ended_at: T0 + 20 * MINUTE,
  ending: 'submitted',
  end_reason: null,
  receipt: 'ABCD-EF01-2345',
  answers_hash: 'a'.repeat(64),
  answered: 7,
  reopened_by: null,
  confirmed_by: null,
  reason: null,
  ...changes,
});
const SEALED: Partial<Seat['session']> = { state: 'submitted', way_back: 'reopen' };
const REQUEST = { by: 'admin:lin', at: T0 + 30 * MINUTE, reason: '误触交卷', minutes: 25 };

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

function show(
  session: Partial<Seat['session']>,
  staff: StaffMember = ADMIN,
  attempts: readonly Attempt[] = [attempt()],
  stub = createStubApi(),
) {
  const done = vi.fn();
  mounted = mountInConsole(
    CandidateAttempts,
    stub,
    { seat: makeSeat('s1', { session }), attempts, onDone: done },
    staff,
  );
  return { stub, done };
}

describe('reopening', () => {
  it('is requested by an admin, with the reason and the time that was left', async () => {
    const { stub, done } = show(SEALED);
    await mounted.press('reopen');
    await mounted.appears('reopen-minutes');
    expect(mounted.valueOf('reopen-minutes')).toBe('40');
    await mounted.press('confirm');
    expect(mounted.get('act-problem').textContent).toContain('两个字');
    expect(stub.sent).toEqual([]);
    await mounted.fill('reopen-minutes', '30');
    await mounted.press('reason-template');
    await mounted.press('confirm');
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    const [sent] = stub.sentTo(REOPEN);
    expect(sent?.body).toMatchObject({ reason: '考生误触交卷。', minutes: 30 });
    expect(sent?.body.act_id).toMatch(/^[\w-]{8,}$/);
  });

  it('is the same act when what was refused is sent again', async () => {
    const { stub, done } = show(
      SEALED,
      ADMIN,
      [attempt()],
      createStubApi({ [REOPEN]: [refusal(409, 'conflict', '请重试')] }),
    );
    await mounted.press('reopen');
    await mounted.press('reason-template');
    await mounted.press('confirm');
    await vi.waitFor(() => expect(mounted.get('act-problem').textContent).toBe('请重试'));
    await mounted.press('confirm');
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    const ids = stub.sentTo(REOPEN).map((request) => request.body.act_id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is not offered to a proctor, who reads who can', () => {
    show(SEALED, PROCTOR);
    expect(mounted.find('reopen')).toBeNull();
    expect(mounted.get('reopening').textContent).toContain('由管理员申请');
  });

  it('is confirmed by somebody else, who reads who asked, when and why', async () => {
    const { stub, done } = show({ ...SEALED, reopen_request: REQUEST }, PROCTOR);
    const request = mounted.get('reopen-request').textContent;
    for (const text of ['管理员 lin', '误触交卷', '25 分钟', '11月'])
      expect(request).toContain(text);
    await mounted.press('approve');
    await mounted.press('confirm');
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(Object.keys(stub.sentTo(`${REOPEN}/confirm`)[0]?.body ?? {})).toEqual(['act_id']);
  });

  it('is refused with a reason', async () => {
    const { stub, done } = show({ ...SEALED, reopen_request: REQUEST }, PROCTOR);
    await mounted.press('refuse');
    await mounted.press('reason-template');
    await mounted.press('confirm');
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(stub.sentTo(`${REOPEN}/refuse`)[0]?.body.reason).toContain('正常结束');
  });

  it('is never confirmed by who asked, who may withdraw it', async () => {
    const { stub, done } = show({ ...SEALED, reopen_request: REQUEST }, ADMIN);
    expect(mounted.find('approve')).toBeNull();
    expect(mounted.get('reopening').textContent).toContain('等待另一位人员');
    await mounted.press('withdraw');
    await mounted.press('reason-template');
    await mounted.press('confirm');
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(stub.sentTo(`${REOPEN}/refuse`)).toHaveLength(1);
  });
});

describe('the attempts', () => {
  const second = attempt({
    session_id: 's2',
    attempt: 2,
    state: 'answering',
    ended_at: null,
    ending: null,
    receipt: null,
    reopened_by: 'admin:lin',
    confirmed_by: 'proctor:wang',
    reason: '误触交卷',
  });

  it('tell state, times, end and who reopened, and lead to each other', () => {
    show({ ...SEALED, way_back: null, superseded: true }, ADMIN, [second, attempt()]);
    expect(mounted.get('superseded').textContent).toContain('第 1 次');
    const [newest, sealed] = [...mounted.root.querySelectorAll('[data-testid="attempt"]')];
    expect(newest?.textContent).toContain('重新开放：管理员 lin 申请，监考员 wang 确认');
    expect(newest?.querySelector('a')?.getAttribute('href')).toBe('#/rooms/r1/seats/s2');
    expect(sealed?.textContent).toContain('考生交卷');
    expect(sealed?.textContent).toContain('回执 ABCD-EF01-2345，已答 7 题');
    expect(sealed?.getAttribute('aria-current')).toBe('true');
    expect(mounted.find('reopening')).toBeNull();
  });

  it('tell why one was terminated, and by what', () => {
    const byRule = attempt({ ending: 'terminated_by_rule', end_reason: 'left_beyond_limit' });
    show(SEALED, ADMIN, [byRule]);
    expect(mounted.root.textContent).toContain('按锁屏规则终止：离开考试页面次数超过规定。');
  });

  it('are not shown while there is one that has not ended', () => {
    show({}, ADMIN, [attempt({ state: 'answering', ending: null, ended_at: null })]);
    expect(mounted.find('attempts')).toBeNull();
  });

  it('of practice are repeated by the candidate alone', () => {
    show({ kind: 'trial', state: 'submitted', way_back: 'repeat' });
    expect(mounted.root.textContent).toContain('次数不限');
    expect(mounted.find('reopening')).toBeNull();
  });
});

describe('the time proposed for a new attempt', () => {
  const { session } = makeSeat('s1');

  it('is what was left, within the bounds', () => {
    expect(minutesLeft(session, T0 + 20 * MINUTE + 1)).toBe(40);
    expect(minutesLeft({ ...session, ends_at: T0 + 1_000 * MINUTE }, T0)).toBe(480);
  });

  it('is a usual one where nothing was left, or nothing had begun', () => {
    expect(minutesLeft(session, T0 + 60 * MINUTE)).toBe(30);
    expect(minutesLeft({ ...session, ends_at: null }, T0)).toBe(30);
    expect(minutesLeft(session, null)).toBe(30);
  });
});
