/** What a proctor asked for: whether it waits, and carrying it out. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { Ask, PlannedCapture } from '../../shared/api/types';
import { sleep } from '../../shared/backoff';
import { upload } from '../../shared/media/upload';
import { useNow } from '../../shared/time';
import { useExamSession } from '../session/session';
import { useWatch } from '../capture/useCapture';

export type Stage = 'asked' | 'going' | 'done';

export function useAsk() {
  const { api, clock, session } = useExamSession();
  const watch = useWatch();
  const now = useNow(clock);
  /** The ask that is on the screen: it stays there until the person has read that it is done. */
  const shown = shallowRef<Ask | null>(null);
  const stage = ref<Stage>('asked');
  const taken = ref(0);
  const lost = ref(0);
  const all = ref(0);
  const problem = shallowRef<unknown>(null);
  let gone = false;
  onScopeDispose(() => (gone = true));

  const waiting = computed(() => {
    const ask = session.value?.ask;
    return ask?.begun_at === null && now.value < ask.over_at ? ask : null;
  });
  const ask = computed(() => shown.value ?? waiting.value);

  async function begin(): Promise<void> {
    if (!waiting.value) return;
    shown.value = waiting.value;
    problem.value = null;
    try {
      const plan = await api.ask((it) => it.POST('/candidate/ask/begin'));
      [taken.value, lost.value, all.value] = [0, 0, plan.captures.length];
      stage.value = 'going';
      await Promise.all(plan.captures.map(carry));
      stage.value = 'done';
    } catch (error) {
      problem.value = error;
      shown.value = null;
    }
  }

  async function carry({ due_at, upload: form }: PlannedCapture): Promise<void> {
    await sleep(Math.max(0, due_at - clock.now()));
    if (gone) return;
    const file = await watch.portrait();
    taken.value += 1;
    if (!file || !(await upload(form, file))) lost.value += 1;
  }

  function close(): void {
    shown.value = null;
    stage.value = 'asked';
  }

  return { ask, stage, taken, lost, all, problem, begin, close };
}
