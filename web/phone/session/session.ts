import { browserId } from '../../shared/browserId';
import { inject, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import { createApi, type Api } from '../../shared/api/client';
import { ApiError, NetworkError } from '../../shared/api/errors';
import type { PhoneSession } from '../../shared/api/types';
import { createClock, type ServerClock } from '../../shared/clock';
import type { Config } from '../../shared/config';
import { createPushListeners, type PushListeners } from '../../shared/pushListeners';
import { createSocket, type ConnectionState, type Socket } from '../../shared/socket';
import { deviceStore, loadJson, saveJson } from '../../shared/storage';
import { FINAL_STATES } from '../../shared/finalStates';

/** What this phone keeps of having joined. */
interface StoredSession {
  token: string;
  session: PhoneSession;
}

/** What is asked for on the phone once more: the code and both numbers. */
export interface JoinCredentials {
  code: string;
  admission_number: string;
  id_number: string;
}

/** The session that this phone watches as second view. */
export interface SecondView {
  readonly api: Api;
  readonly clock: ServerClock;
  /** Null until the phone has joined. */
  readonly session: ShallowRef<PhoneSession | null>;
  readonly online: Ref<boolean>;
  /** How the socket is; `polling` where there is none. */
  readonly connection: Ref<ConnectionState>;
  /** Subscribe to the socket's messages; returns how to unsubscribe. */
  subscribe: PushListeners['subscribe'];
  send: Socket['send'];
  /** Why the phone was signed out without its person's wish. */
  readonly dismissed: ShallowRef<ApiError | null>;
  join: (numbers: JoinCredentials) => Promise<void>;
  refresh: () => Promise<void>;
  leave: () => void;
}

export const SECOND_VIEW: InjectionKey<SecondView> = Symbol('second view');
const STORAGE_KEY = 'invigil.phone';

/** In a component: the session that this phone watches. */
export function useSecondView(): SecondView {
  const view = inject(SECOND_VIEW);
  if (!view) throw new Error('no second view was provided');
  return view;
}

/** Create the phone's session; a new code in the URL discards the stored one. */
export function createSecondView(
  config: Config,
  language: () => 'zh' | 'en',
  startAnew: boolean,
): SecondView {
  const clock = createClock();
  let stored = startAnew ? null : load();
  const session = shallowRef<PhoneSession | null>(stored?.session ?? null);
  const online = ref(true);
  const dismissed = shallowRef<ApiError | null>(null);
  const connection = ref<ConnectionState>('connecting');
  const listeners = createPushListeners();
  const token = () => stored?.token ?? null;
  const api = createApi({ baseUrl: config.api_url, token, language, clock });
  const socket = createSocket({
    url: config.ws_url,
    ticket: async () => (await api.request((client) => client.POST('/phone/ticket'))).ticket,
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

  function adopt(next: StoredSession): void {
    if (session.value && session.value.now > next.session.now) return;
    stored = next;
    session.value = next.session;
    save(next);
    if (FINAL_STATES.has(next.session.state)) socket.stop();
  }

  async function refresh(): Promise<void> {
    if (!stored) return;
    try {
      const next = await api.request((client) => client.GET('/phone/session'));
      online.value = true;
      adopt({ ...stored, session: next });
    } catch (error) {
      online.value = !(error instanceof NetworkError);
      if (error instanceof ApiError && error.status === 401) {
        leave();
        dismissed.value = error;
      }
    }
  }

  async function join(body: JoinCredentials): Promise<void> {
    const answer = await api.request((client) =>
      client.POST('/phone/join', {
        body: { ...body, device: browserId(), touch: navigator.maxTouchPoints > 1 },
      }),
    );
    dismissed.value = null;
    adopt({ token: answer.token, session: answer.session });
    socket.start();
  }

  function leave(): void {
    socket.stop();
    // Another page of this phone may have joined since: what it keeps is not this one's to drop.
    if (load()?.token === stored?.token) save(null);
    stored = null;
    session.value = null;
  }

  if (stored && !FINAL_STATES.has(stored.session.state)) socket.start();
  return {
    api,
    clock,
    session,
    online,
    connection,
    subscribe: listeners.subscribe,
    send: (message) => socket.send(message),
    dismissed,
    join,
    refresh,
    leave,
  };
}

const load = () => loadJson(deviceStore, STORAGE_KEY) as StoredSession | null;
const save = (stored: StoredSession | null) => saveJson(deviceStore, STORAGE_KEY, stored);
