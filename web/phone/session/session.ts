import { inject, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import { createApi, type Api } from '../../shared/api/client';
import { ApiError, NetworkError } from '../../shared/api/errors';
import type { PhoneSession, State } from '../../shared/api/types';
import { createClock, type ServerClock } from '../../shared/clock';
import type { Config } from '../../shared/config';
import { createListeners, type Listeners } from '../../shared/pushListeners';
import { createSocket, type Link, type Socket } from '../../shared/socket';

/** What this phone keeps of having joined. */
interface Kept {
  token: string;
  session: PhoneSession;
}

/** What is asked for on the phone once more: the code and both numbers. */
export interface JoinNumbers {
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
  readonly link: Ref<Link>;
  /** Hear what the socket says; returns how to stop. */
  hear: Listeners['hear'];
  say: Socket['say'];
  /** Why the phone was signed out without its person's wish. */
  readonly dismissed: ShallowRef<ApiError | null>;
  join: (given: JoinNumbers) => Promise<void>;
  refresh: () => Promise<void>;
  leave: () => void;
}

export const SECOND_VIEW: InjectionKey<SecondView> = Symbol('second view');
export const FINAL: ReadonlySet<State> = new Set<State>([
  'declined',
  'submitted',
  'timed_out',
  'terminated',
]);
const NAME = 'invigil.phone';

/** In a component: the session that this phone watches. */
export function useSecondView(): SecondView {
  const found = inject(SECOND_VIEW);
  if (!found) throw new Error('no second view was provided');
  return found;
}

/** Make the phone's session; a new code in the address begins anew. */
export function createSecondView(
  config: Config,
  language: () => 'zh' | 'en',
  fresh: boolean,
): SecondView {
  const clock = createClock();
  let kept = fresh ? null : load();
  const session = shallowRef<PhoneSession | null>(kept?.session ?? null);
  const online = ref(true);
  const dismissed = shallowRef<ApiError | null>(null);
  const link = ref<Link>('connecting');
  const listeners = createListeners();
  const token = () => kept?.token ?? null;
  const api = createApi({ baseUrl: config.api_url, token, language, clock });
  const socket = createSocket({
    url: config.ws_url,
    ticket: async () => (await api.ask((client) => client.POST('/phone/ticket'))).ticket,
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

  function adopt(next: Kept): void {
    if (session.value && session.value.now > next.session.now) return;
    kept = next;
    session.value = next.session;
    save(next);
    if (FINAL.has(next.session.state)) socket.stop();
  }

  async function refresh(): Promise<void> {
    if (!kept) return;
    try {
      const read = await api.ask((client) => client.GET('/phone/session'));
      online.value = true;
      adopt({ ...kept, session: read });
    } catch (error) {
      online.value = !(error instanceof NetworkError);
      if (error instanceof ApiError && error.status === 401) {
        leave();
        dismissed.value = error;
      }
    }
  }

  async function join(body: JoinNumbers): Promise<void> {
    const joined = await api.ask((client) => client.POST('/phone/join', { body }));
    dismissed.value = null;
    adopt({ token: joined.token, session: joined.session });
    socket.start();
  }

  function leave(): void {
    socket.stop();
    // Another page of this phone may have joined since: what it keeps is not this one's to drop.
    if (load()?.token === kept?.token) save(null);
    kept = null;
    session.value = null;
  }

  if (kept && !FINAL.has(kept.session.state)) socket.start();
  return {
    api,
    clock,
    session,
    online,
    link,
    hear: listeners.hear,
    say: (said) => socket.say(said),
    dismissed,
    join,
    refresh,
    leave,
  };
}

function load(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

function save(kept: Kept | null): void {
  try {
    if (kept) localStorage.setItem(NAME, JSON.stringify(kept));
    else localStorage.removeItem(NAME);
  } catch {
    // A browser that keeps nothing has to scan again after a reload.
  }
}
