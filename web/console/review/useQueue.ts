/** The queues of the rooms that one may see, read again every few seconds. */
import { computed, onScopeDispose, shallowRef } from 'vue';
import { useDesk } from '../consoleContext';
import { calmly } from '../room/throttledTask';
import type { Queue, Room } from '../types';
import { listsOf } from './queue';

const EVERY_MS = 8_000;
/** An admin sees every room: only so many are read at once. */
const MOST_ROOMS = 12;

export function useQueue(only: string | null) {
  const { api } = useDesk();
  const rooms = shallowRef<readonly Room[]>([]);
  const queues = shallowRef<readonly Queue[] | null>(null);
  const problem = shallowRef<unknown>(null);

  async function read(): Promise<void> {
    try {
      if (!rooms.value.length) {
        const all = (await api.request((it) => it.GET('/proctor/rooms'))).rooms;
        const wanted = all.filter((room) => !only || room.room_id === only);
        rooms.value = wanted.slice(0, MOST_ROOMS);
      }
      queues.value = await Promise.all(
        rooms.value.map(({ room_id }) =>
          api.request((it) =>
            it.GET('/proctor/rooms/{room_id}/queue', { params: { path: { room_id } } }),
          ),
        ),
      );
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }

  const reading = calmly(read, 1_000);
  reading.ask();
  const timer = setInterval(() => reading.ask(), EVERY_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    reading.stop();
  });
  const lists = computed(() => listsOf(queues.value ?? []));
  return {
    lists,
    known: computed(() => queues.value !== null),
    problem,
    readAgain: () => reading.ask(),
  };
}
