import {
  computed,
  onScopeDispose,
  shallowRef,
  watch,
  type ComputedRef,
  type ShallowRef,
} from 'vue';
import type { Call, CallAnswer, Calls, Chat, Push, Signal, Warning } from '../../shared/api/types';
import { createDeviceCalls } from '../../shared/calls/deviceCalls';
import { createLine } from '../../shared/calls/signaling';
import { readOften } from '../../shared/calls/pollWhile';
import type { PeerState } from '../../shared/calls/peer';
import { FINAL, type ExamSession } from '../session/session';
import type { Watch } from '../capture/useCapture';
import { createVoice, type Voice } from '../../shared/calls/microphone';

/** All that is said to this candidate, always the newest that is known. */
export interface Messages {
  /** Not acknowledged yet, the earliest first. */
  readonly due: ComputedRef<Warning[]>;
  /** The talk that rings or is on. */
  readonly talk: ComputedRef<Call | null>;
  /** The last talk that nobody took, until it is put away. */
  readonly missed: ShallowRef<Call | null>;
  /** Live video that somebody watches now. */
  readonly watchers: ComputedRef<Call[]>;
  readonly chat: ShallowRef<Chat | null>;
  readonly voice: Voice;
  readonly talkState: ShallowRef<PeerState>;
  see: (warning: Warning, acknowledged: boolean) => Promise<void>;
  answer: (call: Call, answer: CallAnswer) => Promise<void>;
}

const isOpen = (call: Call) => call.ended_at === null;

/** Follow what is said in a session until the scope ends. */
export function createMessages(exam: ExamSession, devices: Watch, sessionId: string): Messages {
  const { api, clock } = exam;
  const warnings = shallowRef<ReadonlyMap<string, Warning>>(new Map());
  const calls = shallowRef<Calls | null>(null);
  const chat = shallowRef<Chat | null>(null);
  const missed = shallowRef<Call | null>(null);
  const talkState = shallowRef<PeerState>('connecting');
  const voice = createVoice();
  let mine = false;

  const over = computed(() => FINAL.has(exam.session.value?.state ?? 'signed_in'));
  const open = computed(() => (over.value ? [] : (calls.value?.calls.filter(isOpen) ?? [])));
  const talk = computed(() => open.value.find((call) => call.kind === 'talk') ?? null);

  const line = createLine({
    api,
    path: '/candidate/calls/{call_id}',
    sessionId,
    say: exam.say,
    answered: read,
  });

  const device = createDeviceCalls({
    line,
    tracks: async (kind) => (kind === 'talk' ? voice.tracks() : shown()),
    onStream: (call, stream) => {
      if (call.kind !== 'talk') return;
      voice.heard.value = stream;
      if (!stream) voice.stop();
    },
    onState: (call, state) => call.kind === 'talk' && (talkState.value = state),
  });

  /** The first view with its sound: the very camera and microphone that the page has open. */
  function shown(): MediaStreamTrack[] | null {
    const video = devices.camera.stream.value?.getVideoTracks() ?? [];
    const sound = devices.microphone.stream.value?.getAudioTracks() ?? [];
    return video.length > 0 ? [...video, ...sound] : null;
  }

  function adopt(next: Calls): void {
    const known = calls.value;
    if (known && next.version <= known.version) return;
    const rang = talk.value;
    calls.value = next;
    const now = next.calls.find((call) => call.call_id === rang?.call_id);
    if (now?.end === 'missed') missed.value = now;
    if (talk.value) missed.value = null;
  }

  function note(warning: Warning): void {
    const known = warnings.value.get(warning.warning_id);
    if (known && warning.version <= known.version) return;
    warnings.value = new Map(warnings.value).set(warning.warning_id, warning);
  }

  function noteChat(next: Chat): void {
    if (!chat.value || next.version > chat.value.version) chat.value = next;
  }

  async function read(): Promise<void> {
    const found = await api.ask((it) => it.GET('/candidate/messages'));
    found.warnings.forEach(note);
    adopt(found.calls);
    noteChat(found.chat);
    if (mine) device.follow(open.value.filter((call) => call.device === 'exam'));
    found.signals.forEach(take);
  }

  function take(signal: Signal): void {
    if (mine) device.take(signal);
  }

  const readAgain = () => void read().catch(() => undefined);

  function hear(push: Push): void {
    if (push.type === 'warning') note(push.warning);
    if (push.type === 'calls') adopt(push.calls);
    if (push.type === 'chat') noteChat(push.chat);
    if (push.type === 'signal') take(push.signal);
  }

  onScopeDispose(exam.hear({ onPush: hear, onResync: readAgain }));
  readAgain();

  // One tab answers; another goes on where it was closed.
  const gone = new AbortController();
  navigator.locks
    .request(`invigil.calls.${sessionId}`, { signal: gone.signal }, () => {
      mine = true;
      readAgain();
      return new Promise<void>((resolve) => gone.signal.addEventListener('abort', () => resolve()));
    })
    .catch(() => undefined);
  onScopeDispose(() => {
    gone.abort();
    device.close();
    voice.stop();
  });

  // Another camera or microphone than before: whoever watches gets that one.
  watch([devices.camera.stream, devices.microphone.stream], () => {
    if (!mine || talk.value) return;
    device.close();
    device.follow(open.value.filter((call) => call.device === 'exam'));
  });
  watch(open, (now) => mine && device.follow(now.filter((call) => call.device === 'exam')));
  readOften(() => open.value.length > 0 && exam.link.value !== 'open', readAgain);

  return {
    due: computed(() =>
      [...warnings.value.values()]
        .filter((warning) => warning.acknowledged_at === null && !over.value)
        .sort((a, b) => a.sent_at - b.sent_at),
    ),
    talk,
    missed,
    watchers: computed(() =>
      open.value.filter((call) => call.kind !== 'talk' && call.accepted_at !== null),
    ),
    chat,
    voice,
    talkState,
    async see(warning, acknowledged) {
      const params = { path: { warning_id: warning.warning_id } };
      const body = { acknowledged };
      await api.ask((it) => it.POST('/candidate/warnings/{warning_id}', { params, body }));
      const now = clock.now();
      note({
        ...warning,
        version: warning.version + 1,
        shown_at: warning.shown_at ?? now,
        acknowledged_at: acknowledged ? now : null,
      });
    },
    answer: (call, given) => line.answer(call.call_id, given),
  };
}
