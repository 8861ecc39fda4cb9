/** One candidate in detail: read once, and again whenever the live room gets an update of the session. */
import { onScopeDispose, shallowRef, watch } from 'vue';
import { setExamTimeZone } from '../../shared/time';
import { useConsole } from '../consoleContext';
import { createThrottledTask } from '../room/throttledTask';
import { useLiveRoom } from '../room/useRoom';
import type { SeatDetail } from '../../shared/api/types';

const READ_INTERVAL_MS = 2_000;

export function useCandidateDetail(sessionId: string) {
  const { api } = useConsole();
  const { state } = useLiveRoom();
  const detail = shallowRef<SeatDetail | null>(null);
  const problem = shallowRef<unknown>(null);

  async function read(): Promise<void> {
    try {
      const path = { session_id: sessionId };
      detail.value = await api.request((client) =>
        client.GET('/proctor/sessions/{session_id}', { params: { path } }),
      );
      setExamTimeZone(detail.value.time_zone);
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }

  const readTask = createThrottledTask(read, READ_INTERVAL_MS);
  readTask.request();
  watch(
    () => state.value.seats.get(sessionId),
    () => readTask.request(),
  );
  onScopeDispose(() => readTask.stop());
  return { detail, problem, refresh: () => readTask.request() };
}
