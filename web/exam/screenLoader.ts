import { defineAsyncComponent, type Component } from 'vue';
import type { State } from '../shared/api/types';
import { backoff, sleep } from '../shared/backoff';
import ScreenLoading from './layout/ScreenLoading.vue';

type Load = () => Promise<{ default: Component }>;

const signIn: Load = () => import('./screens/SignIn.vue');
const end: Load = () => import('./screens/EndScreen.vue');
const paper: Load = () => import('./paper/PaperScreen.vue');

/** A state, or what stands in its place. */
export type Place = State | 'signed_out' | 'safe_browser';

/** What each state shows. Each screen is a chunk of its own, in the order they are needed. */
const LOADS: Record<Place, Load> = {
  signed_out: signIn,
  safe_browser: () => import('./safe-exam-browser/SafeExamBrowserScreen.vue'),
  signed_in: signIn,
  info_confirmed: () => import('./screens/PledgeScreen.vue'),
  pledged: () => import('./identity/IdentityCheck.vue'),
  identity_verified: () => import('./second-view/SecondView.vue'),
  second_view_ready: () => import('./screens/RulesScreen.vue'),
  waiting: () => import('./screens/WaitingRoom.vue'),
  answering: paper,
  paused: paper,
  submitted: end,
  timed_out: end,
  terminated: end,
  declined: end,
};

export const askDialog: Load = () => import('./proctor-request/RequestDialog.vue');

/** What a screen loads by itself later on. */
const PARTS: (() => Promise<unknown>)[] = [
  () => import('qrcode'),
  askDialog,
  () => import('./messages/MessagesLayer.vue'),
  () => import('./support/SupportChat.vue'),
];

const LOADING_AFTER_MS = 300;
const made = new Map<Load, Component>();

/** The screen of a state; the same component for states that share a screen. */
export function screenOf(state: Place): Component {
  const loader = LOADS[state];
  const known = made.get(loader);
  if (known) return known;
  const screen = defineAsyncComponent({
    loader,
    loadingComponent: ScreenLoading,
    delay: LOADING_AFTER_MS,
    // The network may come back at any time: never give up.
    onError: (_, retry, __, attempts) => void sleep(backoff(attempts)).then(retry),
  });
  made.set(loader, screen);
  return screen;
}

/** Fetch every screen while there is a network, so that losing it later leaves none unloadable. */
export async function fetchScreens(): Promise<void> {
  for (const load of new Set([...Object.values(LOADS), ...PARTS])) {
    for (let failures = 0; !(await arrives(load)); failures += 1) await sleep(backoff(failures));
  }
}

const arrives = (load: () => Promise<unknown>) =>
  load().then(
    () => true,
    () => false,
  );

/** Act once the page has been painted and has nothing more urgent to do. */
export function whenIdle(act: () => void): void {
  // Safari has no idle moments to offer.
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 3_000 });
  else setTimeout(act, 1_000);
}
