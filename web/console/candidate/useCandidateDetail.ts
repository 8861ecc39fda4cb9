/** One candidate close: read once, and again whenever the live room hears of this session. */
import { onScopeDispose, shallowRef, watch } from 'vue';
import { useDesk } from '../consoleContext';
import { calmly } from '../room/throttledTask';
import { useLiveRoom } from '../room/useRoom';
import type { SeatDetail } from '../types';

const READ_GAP = 2_000;

export function useSeatDetail(sessionId: string) {
  const { api } = useDesk();
  const { state } = useLiveRoom();
  const detail = shallowRef<SeatDetail | null>(null);
  const problem = shallowRef<unknown>(null);

  async function read(): Promise<void> {
    try {
      const path = { session_id: sessionId };
      detail.value = await api.request((client) =>
        client.GET('/proctor/sessions/{session_id}', { params: { path } }),
      );
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }

  const reading = calmly(read, READ_GAP);
  reading.ask();
  watch(
    () => state.value.seats.get(sessionId),
    () => reading.ask(),
  );
  onScopeDispose(() => reading.stop());
  return { detail, problem, readAgain: () => reading.ask() };
}
