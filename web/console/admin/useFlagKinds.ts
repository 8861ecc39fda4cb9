import { onMounted, shallowRef } from 'vue';
import { useConsole } from '../consoleContext';
import type { FlagKind } from '../../shared/api/types';

/** Every kind that somebody may be excused from, as the server names them. */
export function useFlagKinds() {
  const { api } = useConsole();
  const kinds = shallowRef<readonly FlagKind[]>([]);
  onMounted(async () => {
    kinds.value = (await api.request((client) => client.GET('/admin/profiles'))).kinds;
  });
  return { kinds };
}
