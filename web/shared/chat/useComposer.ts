import type { Ref } from 'vue';
import { newId } from '../ids';
import { useTask } from '../task';

export interface DraftMessage {
  message_id: string;
  text: string;
}

/** Write a message and send it; the draft stays until it has arrived. */
export function useComposer(draft: Ref<string>, post: (message: DraftMessage) => Promise<void>) {
  const task = useTask();
  /** Kept until the message has arrived, so that a retry is idempotent. */
  let id = newId();

  async function send(): Promise<void> {
    const text = draft.value.trim();
    if (!text) return;
    if (!(await task.run(() => post({ message_id: id, text })))) return;
    id = newId();
    draft.value = '';
  }

  function onEnter(event: Event): void {
    // While a Chinese word is being composed, Enter only takes it.
    if (!(event instanceof KeyboardEvent) || event.isComposing || event.shiftKey) return;
    event.preventDefault();
    void send();
  }

  return { ...task, send, onEnter };
}
