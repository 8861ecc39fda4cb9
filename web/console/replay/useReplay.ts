/** An exam to be replayed: everything read once, and a moment that moves. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { useDesk } from '../consoleContext';
import { allCaptures } from '../evidence/record';
import type { SeatDetail } from '../types';
import type { ChatRow } from './communications';
import { timelineOf, type Timeline } from './timeline';

export const SPEEDS = [1, 4, 16, 60] as const;
/** Signed addresses end after 15 minutes. */
const AGAIN_MS = 10 * 60_000;

/** What of a record only the record tells. */
interface Kept {
  readonly answers: readonly { readonly saved_at: number }[];
  readonly chat: readonly ChatRow[];
}

export function useReplay(session_id: string) {
  const { api } = useDesk();
  const detail = shallowRef<SeatDetail | null>(null);
  const line = shallowRef<Timeline | null>(null);
  const known = ref(false);
  const problem = shallowRef<unknown>(null);
  const moment = ref(0);
  const playing = ref(false);
  const speed = ref<number>(4);

  async function read(): Promise<void> {
    const path = { session_id };
    try {
      const [seat, captures, { record }] = await Promise.all([
        api.request((it) => it.GET('/proctor/sessions/{session_id}', { params: { path } })),
        allCaptures(api, session_id),
        api.request((it) => it.GET('/proctor/sessions/{session_id}/record', { params: { path } })),
      ]);
      const { answers, chat } = JSON.parse(record) as Kept;
      detail.value = seat;
      line.value = timelineOf({
        captures,
        flags: seat.flags,
        audit: seat.audit,
        answers: answers.map((answer) => answer.saved_at),
        chat,
      });
      moment.value = Math.max(moment.value, line.value?.begin ?? 0);
      problem.value = null;
    } catch (error) {
      problem.value = error;
    } finally {
      known.value = true;
    }
  }

  let frame = 0;
  let last = 0;

  function tick(now: number): void {
    if (!line.value || !playing.value) return;
    moment.value = Math.min(line.value.end, moment.value + (now - last) * speed.value);
    last = now;
    if (moment.value >= line.value.end) playing.value = false;
    else frame = requestAnimationFrame(tick);
  }

  function toggle(): void {
    if (!line.value) return;
    playing.value = !playing.value;
    if (!playing.value) return;
    if (moment.value >= line.value.end) moment.value = line.value.begin;
    last = performance.now();
    frame = requestAnimationFrame(tick);
  }

  function seek(to: number): void {
    if (!line.value) return;
    moment.value = Math.min(line.value.end, Math.max(line.value.begin, to));
    last = performance.now();
  }

  const timer = setInterval(() => void read(), AGAIN_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    cancelAnimationFrame(frame);
  });
  void read();
  const ready = computed(() => line.value !== null);
  return { detail, line, known, problem, moment, playing, speed, ready, toggle, seek };
}
