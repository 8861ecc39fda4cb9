/** The replay's keys: single ones can be turned off, and none takes a key from what has the focus. */
import { onMounted, onUnmounted, ref, watch } from 'vue';
import { deviceStore } from '../../shared/storage';

export type ReplayAction =
  | 'toggle'
  | 'back'
  | 'forward'
  | 'previous_flag'
  | 'next_flag'
  | 'previous_word'
  | 'next_word'
  | 'slower'
  | 'faster'
  | 'mute'
  | 'cut_begin'
  | 'cut_end';

/** Each action with its key as the page names it; `Space` and the arrows have names of their own. */
export const REPLAY_KEYS: readonly (readonly [ReplayAction, string])[] = [
  ['toggle', 'space'],
  ['back', '←'],
  ['forward', '→'],
  ['previous_flag', 'P'],
  ['next_flag', 'N'],
  ['previous_word', 'K'],
  ['next_word', 'J'],
  ['slower', '-'],
  ['faster', '+'],
  ['mute', 'M'],
  ['cut_begin', 'I'],
  ['cut_end', 'O'],
];
const ACTIONS = new Map<string, ReplayAction>([
  [' ', 'toggle'],
  ['ArrowLeft', 'back'],
  ['ArrowRight', 'forward'],
  ...REPLAY_KEYS.slice(3).map(([action, key]) => [key.toLowerCase(), action] as const),
  ['=', 'faster'],
]);
/** What takes keys itself while it has the focus. */
const OWN_KEYS = 'input:not([type=checkbox]), select, textarea, audio, [contenteditable]';
const OWN_SPACE = 'button, a, input, summary';
const STORED = 'replay.keys';

/** The action of a key press; null where it is somebody else's key. */
export function actionOf(event: KeyboardEvent): ReplayAction | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (event.defaultPrevented || target?.closest(OWN_KEYS)) return null;
  if (event.key === ' ' && target?.closest(OWN_SPACE)) return null;
  return ACTIONS.get(event.key.length === 1 ? event.key.toLowerCase() : event.key) ?? null;
}

/** Act on the keys as long as this is shown and they are on; the choice is kept on this device. */
export function useReplayKeys(act: (action: ReplayAction) => void) {
  const keysOn = ref(deviceStore.get(STORED) !== 'off');
  watch(keysOn, (on) => deviceStore.set(STORED, on ? 'on' : 'off'));

  function onKeydown(event: KeyboardEvent): void {
    const action = keysOn.value ? actionOf(event) : null;
    if (!action) return;
    event.preventDefault();
    act(action);
  }
  onMounted(() => window.addEventListener('keydown', onKeydown));
  onUnmounted(() => window.removeEventListener('keydown', onKeydown));
  return { keysOn };
}
