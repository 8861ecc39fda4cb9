/** What every part of the console uses: the API, the clock, who is signed in. */
import { inject, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import type { Api } from '../shared/api/client';
import type { ServerClock } from '../shared/clock';
import type { Config } from '../shared/config';
import { useClock } from '../shared/time';
import type { StaffSession } from './model/staffSession';

export interface ConsoleContext {
  readonly config: Config;
  readonly api: Api;
  readonly clock: ServerClock;
  /** Who is signed in, null while nobody is. */
  readonly session: Readonly<ShallowRef<StaffSession | null>>;
  /** Whether the server ended the last sign-in; the sign-in page shows it. */
  readonly expired: Readonly<Ref<boolean>>;
  signIn(session: StaffSession): void;
  signOut(): void;
}

export const CONSOLE: InjectionKey<ConsoleContext> = Symbol('console');
const NOW: InjectionKey<Ref<number>> = Symbol('now');

export function useConsole(): ConsoleContext {
  return required(inject(CONSOLE), 'console');
}

/** The server's time in ms, ticking every second; provided once by the App. */
export function useTickingNow(): Readonly<Ref<number>> {
  return required(inject(NOW), 'now');
}

/** Make the ticking time, and the key to provide it under. */
export function createTickingNow(clock: ServerClock): [InjectionKey<Ref<number>>, Ref<number>] {
  return [NOW, useClock(clock, 1_000)];
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`no ${name} was provided`);
  return value;
}
