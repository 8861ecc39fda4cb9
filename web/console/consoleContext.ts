/** What every part of the console works with: the API, the clock, who is signed in. */
import { inject, onScopeDispose, ref, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import type { Api } from '../shared/api/client';
import type { ServerClock } from '../shared/clock';
import type { Config } from '../shared/config';
import type { StaffSession } from './sign-in/session';

export interface Desk {
  readonly config: Config;
  readonly api: Api;
  readonly clock: ServerClock;
  /** Who is signed in, null while nobody is. */
  readonly session: Readonly<ShallowRef<StaffSession | null>>;
  /** Whether the last sign-in ended by itself, so that the person is told. */
  readonly ended: Readonly<Ref<boolean>>;
  signIn(session: StaffSession): void;
  signOut(): void;
}

export const DESK: InjectionKey<Desk> = Symbol('desk');
const NOW: InjectionKey<Ref<number>> = Symbol('now');

export function useDesk(): Desk {
  return present(inject(DESK), 'desk');
}

/** The server's time in ms, ticking every second; provided once by the App. */
export function useNow(): Readonly<Ref<number>> {
  return present(inject(NOW), 'now');
}

/** Make the ticking time, and how to provide it. */
export function createNow(clock: ServerClock): [InjectionKey<Ref<number>>, Ref<number>] {
  const now = ref(clock.now());
  const timer = setInterval(() => (now.value = clock.now()), 1_000);
  onScopeDispose(() => clearInterval(timer));
  return [NOW, now];
}

function present<Thing>(thing: Thing | undefined, name: string): Thing {
  if (thing === undefined) throw new Error(`no ${name} was provided`);
  return thing;
}
