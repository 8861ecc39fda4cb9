import { ref, shallowRef } from 'vue';
import { createApi, type Api } from '../shared/api/client';
import { ApiError } from '../shared/api/errors';
import { createClock } from '../shared/clock';
import type { Config } from '../shared/config';
import type { ConsoleContext } from './consoleContext';
import { saveSession, loadSession, type StaffSession } from './model/staffSession';

/** Create the console's context. A rejected token ends the sign-in, wherever it is noticed. */
export function createConsole(config: Config, language: () => 'zh' | 'en'): ConsoleContext {
  const clock = createClock();
  const session = shallowRef<StaffSession | null>(loadSession());
  const expired = ref(false);

  function setSession(next: StaffSession | null, byServer = false): void {
    session.value = next;
    expired.value = byServer;
    saveSession(next);
  }

  const token = () => session.value?.token ?? null;
  const client = createApi({ baseUrl: config.api_url, token, language, clock });
  const api: Api = {
    async request(call) {
      const used = token();
      return client.request(call).catch((error: unknown) => {
        // An answer to an earlier token does not end a newer sign-in.
        if (error instanceof ApiError && error.status === 401 && used && used === token()) {
          setSession(null, true);
        }
        throw error;
      });
    },
  };
  return {
    config,
    api,
    clock,
    session,
    expired,
    signIn: setSession,
    signOut: () => setSession(null),
  };
}
