import { onMounted, shallowRef } from 'vue';
import { useTask } from '../../shared/task';
import { useConsole } from '../consoleContext';
import type { DecisionCounts, FlagKind } from '../../shared/api/types';

/** How people decided on each kind of flag in a subject; empty until it was read. */
export function useDecisionStats(subject_id: string) {
  const { api } = useConsole();
  const decided = shallowRef<ReadonlyMap<FlagKind, DecisionCounts>>(new Map());
  const { error: unread, run } = useTask();
  onMounted(() =>
    run(async () => {
      const path = { subject_id };
      const { kinds } = await api.request((client) =>
        client.GET('/admin/subjects/{subject_id}/decided', { params: { path } }),
      );
      decided.value = new Map(kinds.map((stats) => [stats.kind, stats]));
    }),
  );
  return { decided, unread };
}
