/** The chats that wait for somebody: of a room, or of the whole exam for support. */
import { computed, shallowRef } from 'vue';
import type { Chat, Push } from '../../shared/api/types';
import { createThrottledTask } from '../room/throttledTask';

const READ_INTERVAL_MS = 1_000;

/** Keep a queue of chats: `fetchChats` reads all of it, `onPush` applies updates. */
export function createChats(fetchChats: () => Promise<Chat[]>) {
  const chats = shallowRef<ReadonlyMap<string, Chat>>(new Map());
  const problem = shallowRef<unknown>(null);
  const readTask = createThrottledTask(async () => {
    try {
      const read = await fetchChats();
      chats.value = new Map(read.map((chat) => [chat.session_id, newer(chat)]));
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }, READ_INTERVAL_MS);

  function newer(chat: Chat): Chat {
    const current = chats.value.get(chat.session_id);
    return current && current.version > chat.version ? current : chat;
  }

  /** Apply an update of one chat unless a newer version is known. */
  function update(chat: Chat): void {
    const current = chats.value.get(chat.session_id);
    if (current && current.version >= chat.version) return;
    chats.value = new Map(chats.value).set(chat.session_id, chat);
  }

  function onPush(push: Push): void {
    if (push.type === 'chat') update(push.chat);
  }

  /** Unread first, and of those who waits longest. */
  const queue = computed(() =>
    [...chats.value.values()]
      .filter((chat) => chat.count > 0 && !chat.done)
      .sort(
        (a, b) =>
          Number(unreadOf(b) > 0) - Number(unreadOf(a) > 0) || (a.last_at ?? 0) - (b.last_at ?? 0),
      ),
  );
  return {
    chats,
    queue,
    problem,
    onPush,
    update,
    refresh: () => readTask.request(),
    stop: () => readTask.stop(),
  };
}

export type Chats = ReturnType<typeof createChats>;

export const unreadOf = (chat: Chat): number =>
  chat.last_side === 'device' ? Math.max(0, chat.count - chat.read_by_staff) : 0;
