import { onMounted, shallowRef } from 'vue';
import { useConsole } from '../consoleContext';
import type { Kind } from './types';

/** Every kind that somebody may be excused from, as the server names them. */
export function useFlagKinds() {
  const { api } = useConsole();
  const kinds = shallowRef<readonly Kind[]>([]);
  onMounted(async () => {
    kinds.value = (await api.request((it) => it.GET('/admin/profiles'))).kinds;
  });
  return { kinds };
}
