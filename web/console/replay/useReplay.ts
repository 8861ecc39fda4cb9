/** An exam to be replayed: everything read once, and a moment that moves. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { setExamTimeZone } from '../../shared/time';
import { useConsole } from '../consoleContext';
import { allCaptures } from '../model/captures';
import type { SeatDetail } from '../../shared/api/types';
import type { ChatRow } from './communications';
import { buildTimeline, type Timeline } from './timeline';

export const SPEEDS = [1, 4, 16, 60] as const;
/** Signed addresses end after 15 minutes. */
const REFRESH_MS = 10 * 60_000;

/** The parts of a record that no other route returns. */
interface RecordContent {
  readonly answers: readonly { readonly saved_at: number }[];
  readonly chat: readonly ChatRow[];
}

export function useReplay(session_id: string) {
  const { api } = useConsole();
  const detail = shallowRef<SeatDetail | null>(null);
  const timeline = shallowRef<Timeline | null>(null);
  const isLoaded = ref(false);
  const problem = shallowRef<unknown>(null);
  const moment = ref(0);
  const playing = ref(false);
  const speed = ref<number>(4);

  async function read(): Promise<void> {
    const path = { session_id };
    try {
      const [seat, captures, { record }] = await Promise.all([
        api.request((client) => client.GET('/proctor/sessions/{session_id}', { params: { path } })),
        allCaptures(api, session_id),
        api.request((client) =>
          client.GET('/proctor/sessions/{session_id}/record', { params: { path } }),
        ),
      ]);
      const { answers, chat } = JSON.parse(record) as RecordContent;
      setExamTimeZone(seat.time_zone);
      detail.value = seat;
      timeline.value = buildTimeline({
        captures,
        flags: seat.flags,
        audit: seat.audit,
        answers: answers.map((answer) => answer.saved_at),
        chat,
      });
      moment.value = Math.max(moment.value, timeline.value?.begin ?? 0);
      problem.value = null;
    } catch (error) {
      problem.value = error;
    } finally {
      isLoaded.value = true;
    }
  }

  let frame = 0;
  let last = 0;

  function tick(now: number): void {
    if (!timeline.value || !playing.value) return;
    moment.value = Math.min(timeline.value.end, moment.value + (now - last) * speed.value);
    last = now;
    if (moment.value >= timeline.value.end) playing.value = false;
    else frame = requestAnimationFrame(tick);
  }

  function toggle(): void {
    if (!timeline.value) return;
    playing.value = !playing.value;
    if (!playing.value) return;
    if (moment.value >= timeline.value.end) moment.value = timeline.value.begin;
    last = performance.now();
    frame = requestAnimationFrame(tick);
  }

  function seek(to: number): void {
    if (!timeline.value) return;
    moment.value = Math.min(timeline.value.end, Math.max(timeline.value.begin, to));
    last = performance.now();
  }

  const timer = setInterval(() => void read(), REFRESH_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    cancelAnimationFrame(frame);
  });
  void read();
  const ready = computed(() => timeline.value !== null);
  return { detail, timeline, isLoaded, problem, moment, playing, speed, ready, toggle, seek };
}
