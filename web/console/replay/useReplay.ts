/** An exam to be replayed: what happened is read once, the captures where the replay comes. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { setExamTimeZone } from '../../shared/time';
import { useConsole, useTickingNow } from '../consoleContext';
import type { SeatDetail } from '../../shared/api/types';
import type { ChatRow } from './communications';
import { createCaptureWindows } from './captureWindows';
import { buildTimeline, extendTo } from './timeline';
import { usePlayback } from './usePlayback';
import { useRecordings } from './useRecordings';

/** So often a sitting under way is asked for new flags and events, and for new messages. */
const DETAIL_INTERVAL_MS = 10_000;
const RECORD_INTERVAL_MS = 60_000;
/** «The last minute» begins so long ago. */
export const LAST_MINUTE_MS = 60_000;
/** So far ahead captures are read, at each speed. */
const AHEAD_MS = 20_000;

/** The parts of a record that no other route returns. */
interface RecordContent {
  readonly answers: readonly { readonly saved_at: number }[];
  readonly chat: readonly ChatRow[];
  readonly session: {
    readonly excused: readonly string[];
    readonly rule_overrides: Readonly<Record<string, { readonly on: boolean | null }>>;
  };
}

/** Whether a missing picture is no matter here, as `verify-audit` has it. */
const notAsked = ({ session }: RecordContent) =>
  session.excused.includes('no_snapshot') || session.rule_overrides.no_snapshot?.on === false;

/** Where a replay starts: at the beginning, a minute ago, or at a moment. */
export type Start = 'begin' | 'last-minute' | number;

export function useReplay(session_id: string, start: Start) {
  const { api, clock } = useConsole();
  const now = useTickingNow();
  const path = { session_id };
  const detail = shallowRef<SeatDetail | null>(null);
  const record = shallowRef<RecordContent | null>(null);
  const isLoaded = ref(false);
  const problem = shallowRef<unknown>(null);

  const base = computed(() =>
    detail.value && record.value
      ? buildTimeline({
          startedAt: detail.value.seat.session.started_at,
          joinedAt: detail.value.seat.session.second_view_joined_at,
          notAsked: notAsked(record.value),
          flags: detail.value.flags,
          audit: detail.value.audit,
          answers: record.value.answers.map((answer) => answer.saved_at),
          chat: record.value.chat,
        })
      : null,
  );
  const timeline = computed(() => base.value && extendTo(base.value, now.value));
  /** Whether a track's picture of the moment is still on its way. */
  const waiting = ref(false);
  const playback = usePlayback(timeline, waiting);
  const recordings = useRecordings({
    sessionId: session_id,
    rule: computed(() => detail.value?.seat.session.recording ?? null),
    gaps: computed(() => base.value?.recordingGaps ?? []),
    moment: playback.moment,
    speed: playback.speed,
    end: computed(() => timeline.value?.end ?? null),
  });

  /** Grows whenever captures were read: the windows themselves are not reactive. */
  const revision = ref(0);
  const windows = createCaptureWindows({
    readPage: (before) =>
      api.request((client) =>
        client.GET('/proctor/sessions/{session_id}/captures/{before}', {
          params: { path: { session_id, before } },
        }),
      ),
    now: () => clock.now(),
    onChange: () => revision.value++,
  });
  const captureWindow = computed(() =>
    revision.value >= 0 && timeline.value ? windows.at(playback.moment.value) : null,
  );
  const readFailed = computed(() => revision.value >= 0 && windows.failedAt(playback.moment.value));

  async function readDetail(): Promise<void> {
    const read = await api.request((client) =>
      client.GET('/proctor/sessions/{session_id}', { params: { path } }),
    );
    setExamTimeZone(read.time_zone);
    detail.value = read;
  }

  async function readRecord(): Promise<void> {
    const read = await api.request((client) =>
      client.GET('/proctor/sessions/{session_id}/record', { params: { path } }),
    );
    record.value = JSON.parse(read.record) as RecordContent;
  }

  /** What was read stays when it cannot be read again. */
  const readAgain = (read: () => Promise<void>) => {
    if (timeline.value?.isLive) void read().catch(() => undefined);
  };

  async function open(): Promise<void> {
    try {
      await Promise.all([readDetail(), readRecord()]);
      playback.seek(firstMoment());
      if (start === 'last-minute' && timeline.value) playback.play();
    } catch (error) {
      problem.value = error;
    } finally {
      isLoaded.value = true;
    }
  }

  function firstMoment(): number {
    if (typeof start === 'number') return start;
    const line = timeline.value;
    return line && start === 'last-minute' ? line.end - LAST_MINUTE_MS : 0;
  }

  watch([playback.moment, now, timeline], () => {
    const line = timeline.value;
    const { moment, speed } = playback;
    if (!line || !moment.value) return;
    windows.need(moment.value);
    windows.need(Math.min(line.end, moment.value + AHEAD_MS * Math.max(1, speed.value)));
  });

  const timers = [
    setInterval(() => readAgain(readDetail), DETAIL_INTERVAL_MS),
    setInterval(() => readAgain(readRecord), RECORD_INTERVAL_MS),
  ];
  onScopeDispose(() => timers.forEach(clearInterval));
  void open();
  return {
    detail,
    timeline,
    isLoaded,
    problem,
    captureWindow,
    readFailed,
    waiting,
    ...recordings,
    ...playback,
  };
}
