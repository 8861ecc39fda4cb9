/** What is said to one candidate: warnings, calls and chat, and this page's own side of calls. */
import { computed, onScopeDispose, reactive, shallowRef } from 'vue';
import type {
  Call,
  CallAnswer,
  CallKind,
  Calls,
  Chat,
  Push,
  Signal,
  Warning,
} from '../../shared/api/types';
import { newId } from '../../shared/ids';
import { createSignaling } from '../../shared/calls/signaling';
import { pollWhile } from '../../shared/calls/pollWhile';
import type { PeerState } from '../../shared/calls/peer';
import { createStaffCall, type StaffCall } from '../../shared/calls/staffCall';
import { createCallAudio } from '../../shared/calls/microphone';
import { useDesk } from '../consoleContext';
import { useLiveRoom } from '../room/useRoom';

/** This page's side of one kind of call. */
export interface OwnCall {
  callId: string | null;
  stream: MediaStream | null;
  state: PeerState | 'asking' | 'off';
  problem: unknown;
}

const off = (): OwnCall => ({ callId: null, stream: null, state: 'off', problem: null });

export type SeatMessages = ReturnType<typeof useSeatMessages>;

/** Follow what is said in a session until the component is gone; its calls end with it. */
export function useSeatMessages(sessionId: string) {
  const { api, session: who } = useDesk();
  const room = useLiveRoom();
  const warnings = shallowRef<ReadonlyMap<string, Warning>>(new Map());
  const calls = shallowRef<Calls | null>(null);
  const chat = shallowRef<Chat | null>(null);
  const voice = createCallAudio();
  const own = reactive<Record<CallKind, OwnCall>>({ talk: off(), first: off(), second: off() });
  const running = new Map<string, StaffCall>();
  const early: Signal[] = [];

  const me = () => who.value?.staff.username;
  const known = (id: string | null) =>
    calls.value?.calls.find((call) => call.call_id === id) ?? null;
  const talk = computed(() => known(own.talk.callId));
  /** A talk of one's own that another page, or this one before a reload, began. */
  const elsewhere = computed(
    () =>
      calls.value?.calls.find(
        (call) =>
          call.kind === 'talk' &&
          call.staff === me() &&
          call.ended_at === null &&
          call.call_id !== own.talk.callId,
      ) ?? null,
  );

  const line = createSignaling({
    api,
    path: '/proctor/sessions/{session_id}/calls/{call_id}',
    sessionId,
    send: room.say,
    onAnswered: read,
  });

  function adopt(next: Calls): void {
    if (next.session_id !== sessionId) return;
    if (calls.value && next.version <= calls.value.version) return;
    calls.value = next;
    for (const kind of ['talk', 'first', 'second'] as const) heed(kind, known(own[kind].callId));
  }

  function heed(kind: CallKind, call: Call | null): void {
    if (!call) return;
    if (call.ended_at !== null) drop(kind);
    else if (call.accepted_at !== null && !running.has(call.call_id)) connect(call, false);
  }

  function connect(call: Call, rejoin: boolean): void {
    const { call_id: callId, kind } = call;
    const made = createStaffCall({
      callId,
      signaling: line,
      rejoin,
      tracks: kind === 'talk' ? (voice.localStream.value?.getAudioTracks() ?? []) : [],
      onStream(stream) {
        own[kind].stream = stream;
        if (kind === 'talk') voice.remoteStream.value = stream;
      },
      onState: (state) => (own[kind].state = state),
      onLost: () => void end(kind, 'lost'),
    });
    running.set(callId, made);
    early.splice(0).forEach(made.handleSignal);
  }

  function drop(kind: CallKind): void {
    const { callId } = own[kind];
    if (callId) {
      running.get(callId)?.close();
      running.delete(callId);
    }
    Object.assign(own[kind], { callId: null, stream: null, state: 'off' });
    if (kind === 'talk') voice.stop();
  }

  async function ask(kind: CallKind, reason: string | null = null): Promise<void> {
    const callId = newId();
    Object.assign(own[kind], { ...off(), callId, state: 'asking' });
    try {
      if (kind === 'talk') await voice.tracks();
      const params = { path: { session_id: sessionId } };
      const body = { call_id: callId, kind, reason };
      const call = await api.request((it) =>
        it.POST('/proctor/sessions/{session_id}/calls', { params, body }),
      );
      if (own[kind].callId !== callId) {
        await line.answer(callId, 'end'); // stopped before it began
        return;
      }
      if (call.accepted_at !== null && !running.has(callId)) connect(call, false);
      await read();
    } catch (error) {
      if (own[kind].callId === callId) drop(kind);
      own[kind].problem = error;
    }
  }

  /** Take up one's own talk again, after a reload. */
  async function rejoin(call: Call): Promise<void> {
    Object.assign(own.talk, { ...off(), callId: call.call_id, state: 'asking' });
    await voice.tracks();
    if (call.accepted_at !== null) connect(call, true);
  }

  async function end(kind: CallKind, how: CallAnswer = 'end'): Promise<void> {
    const { callId } = own[kind];
    drop(kind);
    if (callId) await line.answer(callId, how).catch(() => undefined);
  }

  function note(warning: Warning): void {
    if (warning.session_id !== sessionId) return;
    const before = warnings.value.get(warning.warning_id);
    if (!before || warning.version > before.version)
      warnings.value = new Map(warnings.value).set(warning.warning_id, warning);
  }

  function noteChat(next: Chat): void {
    if (next.session_id !== sessionId) return;
    if (!chat.value || next.version > chat.value.version) chat.value = next;
  }

  function take(signal: Signal): void {
    if (signal.session_id !== sessionId) return;
    const call = running.get(signal.call_id);
    if (call) call.handleSignal(signal);
    else if (Object.values(own).some((call) => call.callId === signal.call_id)) early.push(signal);
  }

  async function read(): Promise<void> {
    const params = { path: { session_id: sessionId } };
    const found = await api.request((it) =>
      it.GET('/proctor/sessions/{session_id}/messages', { params }),
    );
    found.warnings.forEach(note);
    adopt(found.calls);
    noteChat(found.chat);
    found.signals.forEach(take);
  }
  const readAgain = () => void read().catch(() => undefined);

  function hear(push: Push): void {
    if (push.type === 'warning') note(push.warning);
    if (push.type === 'calls') adopt(push.calls);
    if (push.type === 'chat') noteChat(push.chat);
    if (push.type === 'signal') take(push.signal);
  }

  onScopeDispose(room.hear({ onPush: hear, onResync: readAgain }));
  readAgain();
  pollWhile(
    () => room.link.value !== 'open' && Object.values(own).some((call) => call.callId !== null),
    readAgain,
  );
  onScopeDispose(() => {
    for (const kind of ['talk', 'first', 'second'] as const) void end(kind);
  });

  return {
    sessionId,
    warnings: computed(() => [...warnings.value.values()].sort((a, b) => b.sent_at - a.sent_at)),
    calls,
    chat,
    voice,
    own,
    talk,
    elsewhere,
    ask,
    rejoin,
    end,
  };
}
