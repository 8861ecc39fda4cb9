/** The queues of the rooms that one may see, read again every few seconds. */
import { computed, onScopeDispose, shallowRef } from 'vue';
import { useConsole } from '../consoleContext';
import { createThrottledTask } from '../room/throttledTask';
import type { ReviewQueue, Room } from '../../shared/api/types';
import { buildLists } from './queue';

const POLL_MS = 8_000;
/** An admin sees every room: only so many are read at once. */
const MAX_ROOMS = 12;

export function useQueue(onlyRoom: string | null) {
  const { api } = useConsole();
  const rooms = shallowRef<readonly Room[]>([]);
  const queues = shallowRef<readonly ReviewQueue[] | null>(null);
  const problem = shallowRef<unknown>(null);

  async function read(): Promise<void> {
    try {
      if (!rooms.value.length) {
        const all = (await api.request((client) => client.GET('/proctor/rooms'))).rooms;
        const matching = all.filter((room) => !onlyRoom || room.room_id === onlyRoom);
        rooms.value = matching.slice(0, MAX_ROOMS);
      }
      queues.value = await Promise.all(
        rooms.value.map(({ room_id }) =>
          api.request((client) =>
            client.GET('/proctor/rooms/{room_id}/queue', { params: { path: { room_id } } }),
          ),
        ),
      );
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }

  const readTask = createThrottledTask(read, 1_000);
  readTask.request();
  const timer = setInterval(() => readTask.request(), POLL_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    readTask.stop();
  });
  const lists = computed(() => buildLists(queues.value ?? []));
  return {
    lists,
    isLoaded: computed(() => queues.value !== null),
    problem,
    refresh: () => readTask.request(),
  };
}
