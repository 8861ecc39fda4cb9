import { onMounted, shallowRef } from 'vue';
import { useDesk } from '../desk';
import type { Kind } from './types';

/** Every kind that a rule can be about, as the server names them. */
export function useKinds() {
  const { api } = useDesk();
  const kinds = shallowRef<readonly Kind[]>([]);
  onMounted(async () => {
    const { profiles } = await api.ask((it) => it.GET('/admin/profiles'));
    kinds.value = profiles[0]?.rules.map((rule) => rule.kind) ?? [];
  });
  return { kinds };
}
