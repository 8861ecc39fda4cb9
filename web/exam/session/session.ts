import { inject, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import { createApi, type Api } from '../../shared/api/client';
import { ApiError, isRetryable, NetworkError } from '../../shared/api/errors';
import type { Session, State } from '../../shared/api/types';
import { browserId } from '../../shared/browserId';
import { backoff, sleep } from '../../shared/backoff';
import { createClock, type ServerClock } from '../../shared/clock';
import type { Config } from '../../shared/config';
import { createPushListeners, type PushListeners } from '../../shared/pushListeners';
import { createSocket, type ConnectionState, type Socket } from '../../shared/socket';
import { deviceStore } from '../../shared/storage';
import {
  loadSession,
  onSessionStoredElsewhere,
  planKey,
  saveSession,
  type StoredSession,
} from './storage';
import { FINAL_STATES } from '../../shared/finalStates';

export interface Credentials {
  subject_id: string;
  number: string;
  /** The other number, where the subject asks for both. */
  second_number: string;
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
  readonly connection: Ref<ConnectionState>;
  /** Subscribe to the socket's messages; returns how to unsubscribe. */
  subscribe: PushListeners['subscribe'];
  send: Socket['send'];
  /** Why the person was signed out, if it was not their wish. */
  readonly dismissed: ShallowRef<ApiError | null>;
  /** The token is over in the middle of the paper: signing in again keeps the place. */
  readonly expired: Ref<boolean>;
  /** The session of which this device was signed out last. */
  readonly lastSessionId: Ref<string | null>;
  signIn: (credentials: Credentials) => Promise<void>;
  /** Sign the same person in to the same session again. */
  signInAgain: (passcode: string, idNumber?: string) => Promise<void>;
  /** Begin an ended practice session again, as a new attempt. */
  repeatPractice: () => Promise<void>;
  /** Run a step that returns the session. Retries transient failures; throws others. */
  runStep: (step: (api: Api) => Promise<Session>) => Promise<void>;
  /** Read the session again; never throws. */
  refresh: () => Promise<void>;
  /** Whether this device has proven to run Safe Exam Browser. */
  readonly sebVerified: Ref<boolean>;
  /** Go on with the token that the proof has brought. */
  applySebProof: (proof: Pick<StoredSession, 'token' | 'expires_at'>) => void;
  /** Forget the sign-in on this device. */
  leave: (reason?: ApiError) => void;
}

export const EXAM_SESSION: InjectionKey<ExamSession> = Symbol('exam session');
const MAX_ATTEMPTS = 3;

const PAPER_STATES: ReadonlySet<State> = new Set<State>(['answering', 'paused']);

/** In a component: the session of this page. */
export function useExamSession(): ExamSession {
  const session = inject(EXAM_SESSION);
  if (!session) throw new Error('no session was provided');
  return session;
}

/** Create the page's session, from the stored one where there is one. */
export function createExamSession(config: Config, language: () => 'zh' | 'en'): ExamSession {
  let stored: StoredSession | null = loadSession();
  const ahead = stored?.ahead ?? 0;
  const clock = createClock(undefined, () => Date.now() + ahead);
  const device = browserId();
  const session = shallowRef<Session | null>(stored?.session ?? null);
  const online = ref(true);
  const dismissed = shallowRef<ApiError | null>(null);
  const sebVerified = ref(stored?.sebVerified === true);
  const connection = ref<ConnectionState>('connecting');
  const listeners = createPushListeners();
  const expired = ref(false);
  const lastSessionId = ref<string | null>(null);
  const token = () => stored?.token ?? null;
  const api = createApi({ baseUrl: config.api_url, token, language, clock });
  const socket = createSocket({
    url: config.ws_url,
    ticket: async () => (await api.request((client) => client.POST('/candidate/ticket'))).ticket,
    onPush: (push) => {
      if (push.type === 'changed') void refresh();
      listeners.publish(push);
    },
    onResync: () => {
      void refresh();
      listeners.resync();
    },
    onConnectionChange: (next) => (connection.value = next),
  });
  let pendingRead: Promise<void> | null = null;
  let readQueued = false;

  function persist(next: StoredSession | null): void {
    stored = next;
    sebVerified.value = next?.sebVerified === true;
    saveSession(next);
  }

  function applySebProof({ token, expires_at }: Pick<StoredSession, 'token' | 'expires_at'>): void {
    if (stored) persist({ ...stored, token, expires_at, sebVerified: true });
  }

  function adopt(next: Session): void {
    // An answer that was under way when the person left, or signed in to another attempt.
    if (stored?.session.session_id !== next.session_id) return;
    const current = session.value;
    if (current && isOlder(next, current)) return;
    session.value = next;
    persist({ ...stored, session: next, ahead: clock.now() - Date.now() });
    if (!needsSocket(next)) closeSocket();
  }

  /** After the end there is no socket: what is still asked for is polled. */
  function closeSocket(): void {
    socket.stop();
    connection.value = 'polling';
  }

  async function handleError(error: unknown): Promise<void> {
    online.value = !(error instanceof NetworkError);
    if (!(error instanceof ApiError)) return;
    if (error.status === 401) onSignedOut(error);
    if (error.status === 409) await refresh();
  }

  /** The token is no longer good: another tab may have a new one, else the person signs in again. */
  function onSignedOut(reason: ApiError): void {
    if (adoptStoredSession()) return;
    if (reason.code === 'declined' && session.value) {
      // Any call may hear of it before the answer to the page's own one does.
      session.value = { ...session.value, state: 'declined' };
      closeSocket();
      return;
    }
    const atPaper = session.value !== null && PAPER_STATES.has(session.value.state);
    if (reason.code === 'other_device' || !atPaper) {
      leave(reason);
      return;
    }
    expired.value = true;
    socket.stop();
  }

  /** Go on with what another tab of this browser has signed in to; returns whether it has. */
  function adoptStoredSession(): boolean {
    const session = loadSession();
    if (!session || session.token === stored?.token) return false;
    applySignIn(session);
    return true;
  }

  function applySignIn(next: StoredSession): void {
    stored = next;
    session.value = next.session;
    dismissed.value = null;
    expired.value = false;
    if (needsSocket(next.session)) socket.start();
  }

  async function runStep(step: (api: Api) => Promise<Session>): Promise<void> {
    const before = session.value?.state;
    try {
      adopt(await withRetry(() => step(api)));
      online.value = true;
    } catch (error) {
      await handleError(error);
      // The session has already advanced by other means: the screen follows.
      const hasMoved = error instanceof ApiError && session.value?.state !== before;
      if (!hasMoved) throw error;
    }
  }

  /** Requests that come while one is under way are answered together by one more. */
  function refresh(): Promise<void> {
    if (!stored || expired.value) return Promise.resolve();
    if (pendingRead) {
      readQueued = true;
      return pendingRead;
    }
    pendingRead = read().finally(() => {
      pendingRead = null;
      if (!readQueued) return;
      readQueued = false;
      void refresh();
    });
    return pendingRead;
  }

  async function read(): Promise<void> {
    try {
      adopt(await api.request((client) => client.GET('/candidate/session')));
      online.value = true;
    } catch (error) {
      online.value = !(error instanceof NetworkError);
      if (error instanceof ApiError && error.status === 401) onSignedOut(error);
    }
  }

  async function signIn(credentials: Credentials): Promise<void> {
    const body = { exam_id: config.exam_id, device, ...credentials };
    const answer = await withRetry(() =>
      api.request((client) => client.POST('/candidate/sign-in', { body })),
    );
    const next = { ...answer, ahead: answer.session.now - Date.now() };
    saveSession(next);
    applySignIn(next);
  }

  async function repeatPractice(): Promise<void> {
    const answer = await withRetry(() => api.request((client) => client.POST('/candidate/repeat')));
    const next = { ...answer, ahead: answer.session.now - Date.now() };
    saveSession(next);
    applySignIn(next);
  }

  /** The page knows the admission number only; an ID number is shown masked, and typed again. */
  async function signInAgain(passcode: string, idNumber = ''): Promise<void> {
    if (!session.value) return;
    const { subject, person } = session.value;
    const number = idNumber || person.admission_number;
    const second_number = subject.sign_in_numbers === 'both' ? person.admission_number : '';
    await signIn({ subject_id: subject.subject_id, number, second_number, passcode });
  }

  function leave(reason?: ApiError): void {
    socket.stop();
    lastSessionId.value = stored?.session.session_id ?? null;
    if (stored) deviceStore.remove(planKey(stored.session.session_id));
    persist(null);
    session.value = null;
    expired.value = false;
    dismissed.value = reason ?? null;
  }

  if (stored && needsSocket(stored.session)) socket.start();
  onSessionStoredElsewhere(adoptStoredSession);
  return {
    ...{ config, api, clock, session, online, connection, dismissed, expired, lastSessionId },
    subscribe: listeners.subscribe,
    send: (message) => socket.send(message),
    ...{ signIn, signInAgain, repeatPractice, runStep, refresh, sebVerified, applySebProof, leave },
  };
}

/** A sitting that the office may reopen hears of it at once; after any other end nothing is told. */
function needsSocket(session: Session): boolean {
  return !FINAL_STATES.has(session.state) || session.way_back === 'reopen';
}

/** Of two views of one session, the higher version is newer; of equal ones, the later read. */
function isOlder(session: Session, other: Session): boolean {
  if (session.session_id !== other.session_id) return false;
  if (session.version !== other.version) return session.version < other.version;
  return session.now < other.now;
}

/** Every step of a session is idempotent: retry transient failures. */
async function withRetry<Answer>(request: () => Promise<Answer>): Promise<Answer> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await request();
    } catch (error) {
      if (!isRetryable(error) || failures + 1 >= MAX_ATTEMPTS) throw error;
      await sleep(backoff(failures));
    }
  }
}
