// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Session } from '../../shared/api/types';
import { deviceStore } from '../../shared/storage';
import { createExamSession, type ExamSession } from './session';

const CONFIG = {
  api_url: 'https://api.test',
  ws_url: 'wss://api.test',
  exam_id: 'e1',
  stage: 'test',
};
const CREDENTIALS = { subject_id: 'hr-2', number: '1', second_number: '', passcode: 'x' };
const OWN = { 'X-Invigil': '1' };

const session = (session_id: string, state: Session['state'], version = 1) =>
  ({ session_id, state, version, now: Date.now(), way_back: null }) as Session;
const signedIn = (opened: Session) => ({
  token: opened.session_id,
  expires_at: 0,
  session: opened,
});

describe('the session of the exam page', () => {
  let exam: ExamSession;
  /** Answers the read of the session that is under way. */
  let answerRead: (read: Session) => void;
  let signIns: Session[];

  beforeEach(() => {
    vi.stubGlobal(
      'WebSocket',
      class {
        close = () => undefined;
      },
    );
    vi.stubGlobal('fetch', (request: Request) => {
      const { pathname } = new URL(request.url);
      const answer = (body: unknown) => Response.json(body, { headers: OWN });
      if (pathname === '/candidate/sign-in')
        return Promise.resolve(answer(signedIn(signIns.shift() ?? session('third', 'signed_in'))));
      if (pathname === '/candidate/session')
        return new Promise((resolve) => (answerRead = (read) => resolve(answer(read))));
      return Promise.resolve(answer({ ticket: 't' }));
    });
    signIns = [session('first', 'submitted'), session('second', 'signed_in')];
    deviceStore.remove('invigil.exam');
    exam = createExamSession(CONFIG, () => 'zh');
  });
  afterEach(() => {
    exam.leave();
    vi.unstubAllGlobals();
  });

  /** Begin to read the session, and wait until the request is out. */
  async function beginRead(): Promise<() => Promise<void>> {
    const sent = vi.spyOn(globalThis, 'fetch');
    const reading = exam.refresh();
    await vi.waitFor(() => expect(sent).toHaveBeenCalled());
    return () => reading;
  }

  it('follows what the server says', async () => {
    await exam.signIn(CREDENTIALS);
    const read = await beginRead();
    answerRead(session('first', 'submitted', 2));
    await read();
    expect(exam.session.value?.version).toBe(2);
  });

  it('shows that the pledge was declined, whichever call hears of it first', async () => {
    signIns = [session('first', 'info_confirmed')];
    await exam.signIn(CREDENTIALS);
    const declined = JSON.stringify({ code: 'declined', message: 'declined', field: null });
    vi.stubGlobal('fetch', () =>
      Promise.resolve(new Response(declined, { status: 401, headers: OWN })),
    );
    await exam.refresh();
    expect(exam.session.value?.state).toBe('declined');
  });

  it('is not brought back by an answer that comes after the person has left', async () => {
    await exam.signIn(CREDENTIALS);
    const read = await beginRead();
    exam.leave();
    answerRead(session('first', 'submitted', 2));
    await read();
    expect(exam.session.value).toBeNull();
    expect(deviceStore.get('invigil.exam')).toBeNull();
  });

  it('is not replaced by the attempt before, when that is answered late', async () => {
    await exam.signIn(CREDENTIALS);
    const read = await beginRead();
    exam.leave();
    await exam.signIn(CREDENTIALS);
    answerRead(session('first', 'submitted', 2));
    await read();
    expect(exam.session.value?.session_id).toBe('second');
    expect(exam.connection.value).not.toBe('polling');
  });
});
