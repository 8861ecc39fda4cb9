/** The chats that wait for somebody: of a room, or of the whole exam for support. */
import { computed, shallowRef } from 'vue';
import type { Chat, Push } from '../../shared/api/types';
import { calmly } from '../room/throttledTask';

const READ_GAP = 1_000;

/** Keep a queue of chats: `read` gets it whole, `hear` takes what the socket says. */
export function createChats(ask: () => Promise<Chat[]>) {
  const chats = shallowRef<ReadonlyMap<string, Chat>>(new Map());
  const problem = shallowRef<unknown>(null);
  const reading = calmly(async () => {
    try {
      const read = await ask();
      chats.value = new Map(read.map((chat) => [chat.session_id, later(chat)]));
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }, READ_GAP);

  function later(chat: Chat): Chat {
    const known = chats.value.get(chat.session_id);
    return known && known.version > chat.version ? known : chat;
  }

  /** Take what is now known of one chat, unless something later is known already. */
  function take(chat: Chat): void {
    const known = chats.value.get(chat.session_id);
    if (known && known.version >= chat.version) return;
    chats.value = new Map(chats.value).set(chat.session_id, chat);
  }

  function hear(push: Push): void {
    if (push.type === 'chat') take(push.chat);
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
    hear,
    take,
    readAgain: () => reading.ask(),
    stop: () => reading.stop(),
  };
}

export type Chats = ReturnType<typeof createChats>;

export const unreadOf = (chat: Chat): number =>
  chat.last_side === 'device' ? Math.max(0, chat.count - chat.read_by_staff) : 0;
