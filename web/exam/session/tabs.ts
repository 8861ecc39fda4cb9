import { onScopeDispose, ref, type Ref } from 'vue';
import { openTabChannel } from '../../shared/tabChannel';

type TabMessage = 'here' | 'hello' | 'bye';

/**
 * Whether this page is open in another tab of this browser, too. Nothing is lost by it, the tabs
 * agree on the answers; but the person should know.
 */
export function useOtherTabs(): Ref<boolean> {
  const others = ref(false);
  const channel = openTabChannel('invigil.exam.tabs');
  if (!channel) return others;
  const post = (message: TabMessage) => channel.postMessage(message);
  channel.onmessage = (event: MessageEvent<TabMessage>) => {
    others.value = event.data !== 'bye';
    // After one has left, whoever is still there answers.
    if (event.data !== 'here') post('here');
  };
  const leave = () => post('bye');
  window.addEventListener('pagehide', leave);
  onScopeDispose(() => {
    leave();
    window.removeEventListener('pagehide', leave);
    channel.close();
  });
  post('hello');
  return others;
}
