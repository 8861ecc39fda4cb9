/** A proctor's request: whether one is pending, and its execution. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { ProctorRequest, PlannedCapture } from '../../shared/api/types';
import { sleep } from '../../shared/backoff';
import { upload } from '../../shared/media/upload';
import { useClock } from '../../shared/time';
import { useExamSession } from '../session/session';
import { useCapture } from '../capture/useCapture';

export type Stage = 'asked' | 'going' | 'done';

export function useProctorRequest() {
  const { api, clock, session } = useExamSession();
  const capture = useCapture();
  const now = useClock(clock);
  /** The request on the screen: it stays until the candidate has read that it is done. */
  const current = shallowRef<ProctorRequest | null>(null);
  const stage = ref<Stage>('asked');
  const takenCount = ref(0);
  const lostCount = ref(0);
  const total = ref(0);
  const problem = shallowRef<unknown>(null);
  let disposed = false;
  onScopeDispose(() => (disposed = true));

  const pending = computed(() => {
    const pendingRequest = session.value?.ask;
    return pendingRequest?.begun_at === null && now.value < pendingRequest.over_at
      ? pendingRequest
      : null;
  });
  const request = computed(() => current.value ?? pending.value);

  async function start(): Promise<void> {
    if (!pending.value) return;
    current.value = pending.value;
    problem.value = null;
    try {
      const plan = await api.request((client) => client.POST('/candidate/ask/begin'));
      [takenCount.value, lostCount.value, total.value] = [0, 0, plan.captures.length];
      stage.value = 'going';
      await Promise.all(plan.captures.map(execute));
      stage.value = 'done';
    } catch (error) {
      problem.value = error;
      current.value = null;
    }
  }

  async function execute({ due_at, upload: form }: PlannedCapture): Promise<void> {
    await sleep(Math.max(0, due_at - clock.now()));
    if (disposed) return;
    const file = await capture.takePortrait();
    takenCount.value += 1;
    if (!file || !(await upload(form, file))) lostCount.value += 1;
  }

  function close(): void {
    current.value = null;
    stage.value = 'asked';
  }

  return { request, stage, takenCount, lostCount, total, problem, start, close };
}
