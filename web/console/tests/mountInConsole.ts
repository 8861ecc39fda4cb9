/** A component of the console, mounted as somebody sees it who is signed in. */
import { effectScope, ref, shallowRef, type Component } from 'vue';
import { createClock } from '../../shared/clock';
import { mountComponent, type MountedComponent } from '../../shared/tests/mountComponent';
import type { StubApi } from '../../shared/tests/stubApi';
import type { StaffMember } from '../../shared/api/types';
import { CONSOLE, createTickingNow, type ConsoleContext } from '../consoleContext';
import { TEXTS } from '../i18n';

export const ADMIN: StaffMember = { username: 'lin', display_name: '林老师', role: 'admin' };
export const PROCTOR: StaffMember = { username: 'wang', display_name: '王老师', role: 'proctor' };

export function mountInConsole(
  component: Component,
  stub: StubApi,
  props: Record<string, unknown>,
  staff: StaffMember = ADMIN,
): MountedComponent {
  const clock = createClock();
  const context: ConsoleContext = {
    config: { api_url: 'https://api.test', ws_url: 'wss://api.test', exam_id: 'e1', stage: 'test' },
    api: stub.api,
    clock,
    session: shallowRef({ token: 'token', expires_at: Infinity, staff }),
    expired: ref(false),
    signIn: () => undefined,
    signOut: () => undefined,
  };
  const scope = effectScope();
  const now = scope.run(() => createTickingNow(clock));
  if (!now) throw new Error('no scope');
  const mounted = mountComponent(component, {
    texts: TEXTS,
    props,
    provided: [
      [CONSOLE, context],
      [now[0], now[1]],
    ],
  });
  return {
    ...mounted,
    unmount: () => {
      mounted.unmount();
      scope.stop();
    },
  };
}
