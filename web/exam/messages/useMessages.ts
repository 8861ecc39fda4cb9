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
import { createSignaling } from '../../shared/calls/signaling';
import { pollWhile } from '../../shared/calls/pollWhile';
import type { PeerState } from '../../shared/calls/peer';
import type { ExamSession } from '../session/session';
import type { CaptureDevices } from '../capture/useCapture';
import { createCallAudio, sharedMicrophone, type CallAudio } from '../../shared/calls/callAudio';
import { MICROPHONE } from '../../shared/media/device';
import { FINAL_STATES } from '../../shared/finalStates';
import { aborted, runInOneTab } from '../../shared/oneTab';

/** All messages to this candidate, always the newest known version. */
export interface Messages {
  /** Not acknowledged yet, the earliest first. */
  readonly unacknowledged: ComputedRef<Warning[]>;
  /** The talk that rings or is on. */
  readonly talk: ComputedRef<Call | null>;
  /** The last talk that nobody took, until it is put away. */
  readonly missed: ShallowRef<Call | null>;
  /** Live video that somebody watches now. */
  readonly watchers: ComputedRef<Call[]>;
  readonly chat: ShallowRef<Chat | null>;
  readonly voice: CallAudio;
  readonly talkState: ShallowRef<PeerState>;
  acknowledge: (warning: Warning, acknowledged: boolean) => Promise<void>;
  answer: (call: Call, answer: CallAnswer) => Promise<void>;
}

const isOpen = (call: Call) => call.ended_at === null;

/** Follow a session's messages until the scope ends. */
export function createMessages(
  exam: ExamSession,
  devices: CaptureDevices,
  sessionId: string,
): Messages {
  const { api, clock } = exam;
  const warnings = shallowRef<ReadonlyMap<string, Warning>>(new Map());
  const calls = shallowRef<Calls | null>(null);
  const chat = shallowRef<Chat | null>(null);
  const missed = shallowRef<Call | null>(null);
  const talkState = shallowRef<PeerState>('connecting');
  const voice = createCallAudio(sharedMicrophone(devices.microphone.device, MICROPHONE));
  let isActiveTab = false;

  const isOver = computed(() => FINAL_STATES.has(exam.session.value?.state ?? 'signed_in'));
  const open = computed(() => (isOver.value ? [] : (calls.value?.calls.filter(isOpen) ?? [])));
  const talk = computed(() => open.value.find((call) => call.kind === 'talk') ?? null);

  const signaling = createSignaling({
    api,
    path: '/candidate/calls/{call_id}',
    sessionId,
    send: exam.send,
    onAnswered: read,
  });

  const device = createDeviceCalls({
    signaling: signaling,
    tracks: async (kind) => (kind === 'talk' ? voice.tracks() : videoTracks()),
    onStream: (call, stream) => {
      if (call.kind !== 'talk') return;
      voice.remoteStream.value = stream;
      if (!stream) voice.stop();
    },
    onState: (call, state) => call.kind === 'talk' && (talkState.value = state),
  });

  /** The first view with its sound: the very camera and microphone that the page has open. */
  function videoTracks(): MediaStreamTrack[] | null {
    const video = devices.camera.stream.value?.getVideoTracks() ?? [];
    const sound = devices.microphone.stream.value?.getAudioTracks() ?? [];
    return video.length > 0 ? [...video, ...sound] : null;
  }

  function adopt(next: Calls): void {
    const current = calls.value;
    if (current && next.version <= current.version) return;
    const ringing = talk.value;
    calls.value = next;
    const now = next.calls.find((call) => call.call_id === ringing?.call_id);
    if (now?.end === 'missed') missed.value = now;
    if (talk.value) missed.value = null;
  }

  function upsertWarning(warning: Warning): void {
    const current = warnings.value.get(warning.warning_id);
    if (current && warning.version <= current.version) return;
    warnings.value = new Map(warnings.value).set(warning.warning_id, warning);
  }

  function updateChat(next: Chat): void {
    if (!chat.value || next.version > chat.value.version) chat.value = next;
  }

  async function read(): Promise<void> {
    const messages = await api.request((client) => client.GET('/candidate/messages'));
    messages.warnings.forEach(upsertWarning);
    adopt(messages.calls);
    updateChat(messages.chat);
    if (isActiveTab) device.setCalls(open.value.filter((call) => call.device === 'exam'));
    messages.signals.forEach(handleSignal);
  }

  function handleSignal(signal: Signal): void {
    if (isActiveTab) device.handleSignal(signal);
  }

  const refresh = () => void read().catch(() => undefined);

  function onPush(push: Push): void {
    if (push.type === 'warning') upsertWarning(push.warning);
    if (push.type === 'calls') adopt(push.calls);
    if (push.type === 'chat') updateChat(push.chat);
    if (push.type === 'signal') handleSignal(push.signal);
  }

  onScopeDispose(exam.subscribe({ onPush: onPush, onResync: refresh }));
  refresh();

  // One tab answers; another goes on where it was closed.
  const abort = new AbortController();
  runInOneTab(`invigil.calls.${sessionId}`, abort.signal, () => {
    isActiveTab = true;
    refresh();
    return aborted(abort.signal);
  });
  onScopeDispose(() => {
    abort.abort();
    device.close();
    voice.stop();
  });

  // Another camera or microphone than before: whoever watches gets that one.
  watch([devices.camera.stream, devices.microphone.stream], () => {
    if (isActiveTab) device.restart((call) => call.kind !== 'talk'); // that has a copy of its own
  });
  watch(
    open,
    (now) => isActiveTab && device.setCalls(now.filter((call) => call.device === 'exam')),
  );
  pollWhile(() => open.value.length > 0 && exam.connection.value !== 'open', refresh);

  return {
    unacknowledged: computed(() =>
      [...warnings.value.values()]
        .filter((warning) => warning.acknowledged_at === null && !isOver.value)
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
    async acknowledge(warning, acknowledged) {
      const params = { path: { warning_id: warning.warning_id } };
      const body = { acknowledged };
      await api.request((client) =>
        client.POST('/candidate/warnings/{warning_id}', { params, body }),
      );
      const now = clock.now();
      upsertWarning({
        ...warning,
        version: warning.version + 1,
        shown_at: warning.shown_at ?? now,
        acknowledged_at: acknowledged ? now : null,
      });
    },
    answer: (call, reply) => signaling.answer(call.call_id, reply),
  };
}
