import { inject, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import { createApi, type Api } from '../../shared/api/client';
import { ApiError, isPassing, NetworkError } from '../../shared/api/errors';
import type { Session, State } from '../../shared/api/types';
import { backoff, sleep } from '../../shared/backoff';
import { createClock, type ServerClock } from '../../shared/clock';
import type { Config } from '../../shared/config';
import { createListeners, type Listeners } from '../../shared/pushListeners';
import { createSocket, type Link, type Socket } from '../../shared/socket';
import { deviceName, loadKept, onKeptElsewhere, planName, saveKept, type Kept } from './storage';

export interface SignIn {
  subject_id: string;
  number: string;
  passcode: string;
}

/** The candidate's session: one truth for all screens, always the server's newest. */
export interface ExamSession {
  readonly config: Config;
  readonly api: Api;
  readonly clock: ServerClock;
  /** Null while nobody is signed in. */
  readonly session: ShallowRef<Session | null>;
  /** Whether the last request was answered. */
  readonly online: Ref<boolean>;
  /** How the socket is; `polling` where there is none. */
  readonly link: Ref<Link>;
  /** Hear what the socket says; returns how to stop. */
  hear: Listeners['hear'];
  say: Socket['say'];
  /** Why the person was signed out, if it was not their wish. */
  readonly dismissed: ShallowRef<ApiError | null>;
  /** The token is over in the middle of the paper: signing in again keeps the place. */
  readonly expired: Ref<boolean>;
  /** The session of which this device was signed out last. */
  readonly last: Ref<string | null>;
  signIn: (given: SignIn) => Promise<void>;
  /** Sign the same person in to the same session again. */
  signInAgain: (passcode: string) => Promise<void>;
  /** Take a step that answers with the session. Repeats what may pass; throws what does not. */
  act: (step: (api: Api) => Promise<Session>) => Promise<void>;
  /** Read the session again; never throws. */
  refresh: () => Promise<void>;
  /** Whether this device has proven to run Safe Exam Browser. */
  readonly sealed: Ref<boolean>;
  /** Go on with the token that the proof has brought. */
  seal: (proven: Pick<Kept, 'token' | 'expires_at'>) => void;
  /** Forget the sign-in on this device. */
  leave: (why?: ApiError) => void;
}

const KEY: InjectionKey<ExamSession> = Symbol('exam session');
const TRIES = 3;
export const FINAL: ReadonlySet<State> = new Set([
  'declined',
  'submitted',
  'timed_out',
  'terminated',
]);

const AT_THE_PAPER: ReadonlySet<State> = new Set<State>(['answering', 'paused']);

export { KEY as EXAM_SESSION };

/** In a component: the session of this page. */
export function useExamSession(): ExamSession {
  const found = inject(KEY);
  if (!found) throw new Error('no session was provided');
  return found;
}

/** Make the page's session, from what the device keeps of an earlier sign-in. */
export function createExamSession(config: Config, language: () => 'zh' | 'en'): ExamSession {
  let kept: Kept | null = loadKept();
  const ahead = kept?.ahead ?? 0;
  const clock = createClock(undefined, () => Date.now() + ahead);
  const device = deviceName();
  const session = shallowRef<Session | null>(kept?.session ?? null);
  const online = ref(true);
  const dismissed = shallowRef<ApiError | null>(null);
  const sealed = ref(kept?.sealed === true);
  const link = ref<Link>('connecting');
  const listeners = createListeners();
  const expired = ref(false);
  const last = ref<string | null>(null);
  const token = () => kept?.token ?? null;
  const api = createApi({ baseUrl: config.api_url, token, language, clock });
  const socket = createSocket({
    url: config.ws_url,
    ticket: async () => (await api.ask((client) => client.POST('/candidate/ticket'))).ticket,
    onPush: (push) => {
      if (push.type === 'changed') void refresh();
      listeners.push(push);
    },
    onResync: () => {
      void refresh();
      listeners.resync();
    },
    onLink: (next) => (link.value = next),
  });
  let reading: Promise<void> | null = null;
  let readAgain = false;

  function keep(next: Kept | null): void {
    kept = next;
    sealed.value = next?.sealed === true;
    saveKept(next);
  }

  function seal({ token, expires_at }: Pick<Kept, 'token' | 'expires_at'>): void {
    if (kept) keep({ ...kept, token, expires_at, sealed: true });
  }

  function adopt(next: Session): void {
    const known = session.value;
    if (known && isOlder(next, known)) return;
    session.value = next;
    if (kept) keep({ ...kept, session: next, ahead: clock.now() - Date.now() });
    if (FINAL.has(next.state)) hangUp();
  }

  /** After the end there is no socket: what is still asked for is polled. */
  function hangUp(): void {
    socket.stop();
    link.value = 'polling';
  }

  async function told(error: unknown): Promise<void> {
    online.value = !(error instanceof NetworkError);
    if (!(error instanceof ApiError)) return;
    if (error.status === 401) signedOut(error);
    if (error.status === 409) await refresh();
  }

  /** The token is no longer good: another tab may have a new one, else the person signs in again. */
  function signedOut(why: ApiError): void {
    if (takeUp()) return;
    const atPaper = session.value !== null && AT_THE_PAPER.has(session.value.state);
    if (why.code === 'other_device' || !atPaper) {
      leave(why);
      return;
    }
    expired.value = true;
    socket.stop();
  }

  /** Go on with what another tab of this browser has signed in to; returns whether it has. */
  function takeUp(): boolean {
    const found = loadKept();
    if (!found || found.token === kept?.token) return false;
    entered(found);
    return true;
  }

  function entered(next: Kept): void {
    kept = next;
    session.value = next.session;
    dismissed.value = null;
    expired.value = false;
    if (!FINAL.has(next.session.state)) socket.start();
  }

  async function act(step: (api: Api) => Promise<Session>): Promise<void> {
    const before = session.value?.state;
    try {
      adopt(await patiently(() => step(api)));
      online.value = true;
    } catch (error) {
      await told(error);
      // Somebody or something else has already brought the session on: the screen follows.
      const moved = error instanceof ApiError && session.value?.state !== before;
      if (!moved) throw error;
    }
  }

  /** Requests that come while one is under way are answered together by one more. */
  function refresh(): Promise<void> {
    if (!kept || expired.value) return Promise.resolve();
    if (reading) {
      readAgain = true;
      return reading;
    }
    reading = read().finally(() => {
      reading = null;
      if (!readAgain) return;
      readAgain = false;
      void refresh();
    });
    return reading;
  }

  async function read(): Promise<void> {
    try {
      adopt(await api.ask((client) => client.GET('/candidate/session')));
      online.value = true;
    } catch (error) {
      online.value = !(error instanceof NetworkError);
      if (error instanceof ApiError && error.status === 401) signedOut(error);
    }
  }

  async function signIn(given: SignIn): Promise<void> {
    const body = { exam_id: config.exam_id, device, ...given };
    const answer = await patiently(() =>
      api.ask((client) => client.POST('/candidate/sign-in', { body })),
    );
    const next = { ...answer, ahead: answer.session.now - Date.now() };
    saveKept(next);
    entered(next);
  }

  async function signInAgain(passcode: string): Promise<void> {
    if (!session.value) return;
    const { subject, person } = session.value;
    const number = person.admission_number;
    await signIn({ subject_id: subject.subject_id, number, passcode });
  }

  function leave(why?: ApiError): void {
    socket.stop();
    last.value = kept?.session.session_id ?? null;
    if (kept) localStorage.removeItem(planName(kept.session.session_id));
    keep(null);
    session.value = null;
    expired.value = false;
    dismissed.value = why ?? null;
  }

  if (kept && !FINAL.has(kept.session.state)) socket.start();
  onKeptElsewhere(takeUp);
  return {
    ...{ config, api, clock, session, online, link, dismissed, expired, last },
    hear: listeners.hear,
    say: (said) => socket.say(said),
    ...{ signIn, signInAgain, act, refresh, sealed, seal, leave },
  };
}

/** Of two views of one session, the higher version is newer; of equal ones, the later read. */
function isOlder(session: Session, other: Session): boolean {
  if (session.session_id !== other.session_id) return false;
  if (session.version !== other.version) return session.version < other.version;
  return session.now < other.now;
}

/** Every step of a session may be repeated: try again what may pass. */
async function patiently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || failures + 1 >= TRIES) throw error;
      await sleep(backoff(failures));
    }
  }
}
