import { defineAsyncComponent, type Component } from 'vue';
import type { State } from '../shared/api/types';
import { backoff, sleep } from '../shared/backoff';
import ScreenLoading from './layout/ScreenLoading.vue';

type Loader = () => Promise<{ default: Component }>;

const signIn: Loader = () => import('./screens/SignIn.vue');
const end: Loader = () => import('./screens/EndScreen.vue');
const identity: Loader = () => import('./identity/IdentityCheck.vue');
const paper: Loader = () => import('./paper/PaperScreen.vue');

/** A state, or what stands in its place. */
export type ScreenKey = State | 'signed_out' | 'safe_browser';

/** What each state shows. Each screen is a chunk of its own, in the order they are needed. */
const LOADERS: Record<ScreenKey, Loader> = {
  signed_out: signIn,
  safe_browser: () => import('./safe-exam-browser/SafeExamBrowserScreen.vue'),
  signed_in: signIn,
  info_confirmed: () => import('./screens/PledgeScreen.vue'),
  pledged: identity,
  reverifying: identity,
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

export const checksScreen: Loader = () => import('./device-checks/ChecksScreen.vue');
export const practiceReport: Loader = () => import('./device-checks/PracticeReport.vue');
export const displaySettingsDialog: Loader = () => import('./paper/DisplaySettingsDialog.vue');
export const pausedCard: Loader = () => import('./paper/PausedCard.vue');
export const summaryCard: Loader = () => import('./paper/SummaryCard.vue');
export const signInAgain: Loader = () => import('./paper/SignInAgain.vue');
export const recordingLayer: Loader = () => import('./recording/RecordingLayer.vue');
export const recordingBadge: Loader = () => import('./recording/RecordingBadge.vue');
export const recordingConsent: Loader = () => import('./recording/RecordingConsent.vue');
export const screenShareCard: Loader = () => import('./recording/ScreenShareCard.vue');
export const uploadsLeft: Loader = () => import('./recording/UploadsLeft.vue');
export const requestDialog: Loader = () => import('./proctor-request/RequestDialog.vue');

/** What a screen loads by itself later on. */
const LAZY_PARTS: (() => Promise<unknown>)[] = [
  checksScreen,
  practiceReport,
  () => import('qrcode'),
  requestDialog,
  displaySettingsDialog,
  pausedCard,
  summaryCard,
  signInAgain,
  recordingLayer,
  recordingBadge,
  recordingConsent,
  screenShareCard,
  uploadsLeft,
  () => import('./messages/MessagesLayer.vue'),
  () => import('./support/SupportChat.vue'),
];

const LOADING_AFTER_MS = 300;
const screens = new Map<Loader, Component>();

/** The screen of a state; the same component for states that share a screen. */
export const screenFor = (state: ScreenKey): Component => asyncScreen(LOADERS[state]);

/** A screen, or a part that is as large, which is loaded when it is shown. */
export function asyncScreen(loader: Loader): Component {
  const cached = screens.get(loader);
  if (cached) return cached;
  const screen = defineAsyncComponent({
    loader,
    loadingComponent: ScreenLoading,
    delay: LOADING_AFTER_MS,
    // The network may come back at any time: never give up.
    onError: (_, retry, __, attempts) => void sleep(backoff(attempts)).then(retry),
  });
  screens.set(loader, screen);
  return screen;
}

/** Fetch every screen while there is a network, so that losing it later leaves none unloadable. */
export async function preloadScreens(): Promise<void> {
  for (const load of new Set([...Object.values(LOADERS), ...LAZY_PARTS])) {
    for (let failures = 0; !(await tryLoad(load)); failures += 1) await sleep(backoff(failures));
  }
}

const tryLoad = (load: () => Promise<unknown>) =>
  load().then(
    () => true,
    () => false,
  );

/** Act once the page has been painted and has nothing more urgent to do. */
export function whenIdle(callback: () => void): void {
  // Safari has no idle moments to offer.
  if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: 3_000 });
  else setTimeout(callback, 1_000);
}
