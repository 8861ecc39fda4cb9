/** A room's live state: one socket, backed by reads of the API. */
import { inject, onScopeDispose, provide, ref, shallowRef, type InjectionKey } from 'vue';
import { createPushListeners } from '../../shared/pushListeners';
import { createSocket, type ConnectionState } from '../../shared/socket';
import { setExamTimeZone } from '../../shared/time';
import { useConsole } from '../consoleContext';
import type { Flag, Push, Room } from '../../shared/api/types';
import { createThrottledTask } from './throttledTask';
import { newlyCritical } from './flagFeed';
import { createFrameBatch } from './frameBatch';
import { applyPushes, applyView, EMPTY_ROOM, type RoomState } from './roomReducer';

export type LiveRoom = ReturnType<typeof useRoom>;
const LIVE_ROOM: InjectionKey<LiveRoom> = Symbol('room');

const READ_INTERVAL_MS = 1_000;

/** Watch a room until the component is gone, and provide it to what is inside. */
export function useRoom(roomId: string) {
  const { api, config } = useConsole();
  const room = shallowRef<Room | null>(null);
  const state = shallowRef<RoomState>(EMPTY_ROOM);
  const connection = ref<ConnectionState>('connecting');
  /** Why the last read failed; null after one that did not. */
  const problem = shallowRef<unknown>(null);
  /** Critical flags that have just opened, to be announced. */
  const criticalFlags = shallowRef<Flag[]>([]);

  function setState(next: RoomState): void {
    // What was critical before the room was first read is no news.
    if (room.value) {
      const critical = newlyCritical(state.value.flags, next.flags);
      if (critical.length > 0) criticalFlags.value = critical;
    }
    state.value = next;
  }

  async function read(): Promise<void> {
    try {
      const path = { room_id: roomId };
      const view = await api.request((client) =>
        client.GET('/proctor/rooms/{room_id}', { params: { path } }),
      );
      setState(applyView(state.value, view));
      room.value = view.room;
      setExamTimeZone(view.room.time_zone);
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }

  const readTask = createThrottledTask(read, READ_INTERVAL_MS);
  const listeners = createPushListeners();

  /** Sixty candidates cause over twenty pushes a second: they are applied once per frame. */
  const pushes = createFrameBatch<Push>((batch) => {
    const { state: next, unknown } = applyPushes(state.value, batch);
    if (next !== state.value) setState(next);
    if (unknown) readTask.request();
  });

  function onPush(push: Push): void {
    pushes.add(push);
    listeners.publish(push);
  }

  const socket = createSocket({
    url: config.ws_url,
    ticket: async () => (await api.request((client) => client.POST('/staff/ticket'))).ticket,
    onPush: onPush,
    onResync: () => {
      readTask.request();
      listeners.resync();
    },
    subscriptions: () => [{ action: 'watch_room', room_id: roomId }],
    onConnectionChange: (next) => (connection.value = next),
  });

  readTask.request();
  socket.start();
  onScopeDispose(() => {
    socket.stop();
    readTask.stop();
    pushes.stop();
  });

  const { subscribe: subscribe } = listeners;
  const { send } = socket;
  const refresh = () => readTask.request();
  const live = {
    roomId,
    room,
    state,
    connection,
    problem,
    criticalFlags,
    refresh,
    subscribe: subscribe,
    send: send,
  };
  provide(LIVE_ROOM, live);
  return live;
}

/** The room that an outer component watches. */
export function useLiveRoom(): LiveRoom {
  const live = inject(LIVE_ROOM);
  if (!live) throw new Error('no room was provided');
  return live;
}
