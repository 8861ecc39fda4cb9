import { ref, shallowRef } from 'vue';
import { createApi, type Api } from '../shared/api/client';
import { ApiError } from '../shared/api/errors';
import { createClock } from '../shared/clock';
import type { Config } from '../shared/config';
import type { Desk } from './consoleContext';
import { keepSession, keptSession, type StaffSession } from './sign-in/session';

/** Build what the console works with. A refused token ends the sign-in, wherever it is noticed. */
export function createDesk(config: Config, language: () => 'zh' | 'en'): Desk {
  const clock = createClock();
  const session = shallowRef<StaffSession | null>(keptSession());
  const ended = ref(false);

  function set(next: StaffSession | null, byItself = false): void {
    session.value = next;
    ended.value = byItself;
    keepSession(next);
  }

  const token = () => session.value?.token ?? null;
  const plain = createApi({ baseUrl: config.api_url, token, language, clock });
  const api: Api = {
    async request(call) {
      const used = token();
      return plain.request(call).catch((error: unknown) => {
        // An answer to an earlier token does not end a newer sign-in.
        if (error instanceof ApiError && error.status === 401 && used && used === token()) {
          set(null, true);
        }
        throw error;
      });
    },
  };
  return { config, api, clock, session, ended, signIn: set, signOut: () => set(null) };
}
