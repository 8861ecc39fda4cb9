import { onScopeDispose, ref, type Ref } from 'vue';

type Said = 'here' | 'hello' | 'bye';

/**
 * Whether this page is open in another tab of this browser, too. Nothing is lost by it, the tabs
 * agree on the answers; but the person should know.
 */
export function useOtherTabs(): Ref<boolean> {
  const others = ref(false);
  const channel = new BroadcastChannel('invigil.exam.tabs');
  const say = (said: Said) => channel.postMessage(said);
  channel.onmessage = (event: MessageEvent<Said>) => {
    others.value = event.data !== 'bye';
    // After one has left, whoever is still there answers.
    if (event.data !== 'here') say('here');
  };
  const leave = () => say('bye');
  window.addEventListener('pagehide', leave);
  onScopeDispose(() => {
    leave();
    window.removeEventListener('pagehide', leave);
    channel.close();
  });
  say('hello');
  return others;
}
