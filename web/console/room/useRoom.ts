/** A room as it is now: one socket, reads of the API behind it, and what both say put together. */
import { inject, onScopeDispose, provide, ref, shallowRef, type InjectionKey } from 'vue';
import { createPushListeners } from '../../shared/pushListeners';
import { createSocket, type ConnectionState } from '../../shared/socket';
import { useDesk } from '../consoleContext';
import type { Flag, Push, Room } from '../types';
import { calmly } from './throttledTask';
import { newlyCritical } from './flagFeed';
import { perFrame } from './frameBatch';
import { applyPushes, applyView, EMPTY_ROOM, type RoomState } from './roomReducer';

export type LiveRoom = ReturnType<typeof useRoom>;
const ROOM: InjectionKey<LiveRoom> = Symbol('room');

const READ_GAP = 1_000;

/** Watch a room until the component is gone, and provide it to what is inside. */
export function useRoom(roomId: string) {
  const { api, config } = useDesk();
  const room = shallowRef<Room | null>(null);
  const state = shallowRef<RoomState>(EMPTY_ROOM);
  const link = ref<ConnectionState>('connecting');
  /** Why the last read failed; null after one that did not. */
  const problem = shallowRef<unknown>(null);
  /** Critical flags that have just opened, to be announced. */
  const alarms = shallowRef<Flag[]>([]);

  function become(next: RoomState): void {
    // What was critical before the room was first read is no news.
    if (room.value) {
      const fresh = newlyCritical(state.value.flags, next.flags);
      if (fresh.length > 0) alarms.value = fresh;
    }
    state.value = next;
  }

  async function read(): Promise<void> {
    try {
      const path = { room_id: roomId };
      const view = await api.request((client) =>
        client.GET('/proctor/rooms/{room_id}', { params: { path } }),
      );
      become(applyView(state.value, view));
      room.value = view.room;
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }

  const reading = calmly(read, READ_GAP);
  const listeners = createPushListeners();

  /** Sixty candidates say more than twenty things a second: the page changes once for a frame. */
  const pushes = perFrame<Push>((heard) => {
    const { state: next, unknown } = applyPushes(state.value, heard);
    if (next !== state.value) become(next);
    if (unknown) reading.ask();
  });

  function hear(push: Push): void {
    pushes.add(push);
    listeners.publish(push);
  }

  const socket = createSocket({
    url: config.ws_url,
    ticket: async () => (await api.request((client) => client.POST('/staff/ticket'))).ticket,
    onPush: hear,
    onResync: () => {
      reading.ask();
      listeners.resync();
    },
    subscriptions: () => [{ action: 'watch_room', room_id: roomId }],
    onConnectionChange: (next) => (link.value = next),
  });

  reading.ask();
  socket.start();
  onScopeDispose(() => {
    socket.stop();
    reading.stop();
    pushes.stop();
  });

  const { subscribe: listen } = listeners;
  const { send } = socket;
  const readAgain = () => reading.ask();
  const live = { roomId, room, state, link, problem, alarms, readAgain, hear: listen, say: send };
  provide(ROOM, live);
  return live;
}

/** The room that an outer component watches. */
export function useLiveRoom(): LiveRoom {
  const live = inject(ROOM);
  if (!live) throw new Error('no room was provided');
  return live;
}
