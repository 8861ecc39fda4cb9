/** Communication with one candidate: warnings, calls and chat, and this page's own calls. */
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
import { createCallAudio } from '../../shared/calls/callAudio';
import { useConsole } from '../consoleContext';
import { useLiveRoom } from '../room/useRoom';

/** This page's side of one kind of call. */
export interface OwnCall {
  callId: string | null;
  stream: MediaStream | null;
  state: PeerState | 'asking' | 'off';
  problem: unknown;
}

const idleCall = (): OwnCall => ({ callId: null, stream: null, state: 'off', problem: null });

export type CandidateMessaging = ReturnType<typeof useCandidateMessages>;

/** Follow a session's communication until the component is unmounted; its calls end with it. */
export function useCandidateMessages(sessionId: string) {
  const { api, session: who } = useConsole();
  const room = useLiveRoom();
  const warnings = shallowRef<ReadonlyMap<string, Warning>>(new Map());
  const calls = shallowRef<Calls | null>(null);
  const chat = shallowRef<Chat | null>(null);
  const voice = createCallAudio();
  const ownCalls = reactive<Record<CallKind, OwnCall>>({
    talk: idleCall(),
    first: idleCall(),
    second: idleCall(),
  });
  const staffCalls = new Map<string, StaffCall>();
  const earlySignals: Signal[] = [];

  const ownUsername = () => who.value?.staff.username;
  const findCall = (id: string | null) =>
    calls.value?.calls.find((call) => call.call_id === id) ?? null;
  const talk = computed(() => findCall(ownCalls.talk.callId));
  /** A talk of one's own that another page, or this one before a reload, began. */
  const callElsewhere = computed(
    () =>
      calls.value?.calls.find(
        (call) =>
          call.kind === 'talk' &&
          call.staff === ownUsername() &&
          call.ended_at === null &&
          call.call_id !== ownCalls.talk.callId,
      ) ?? null,
  );

  const signaling = createSignaling({
    api,
    path: '/proctor/sessions/{session_id}/calls/{call_id}',
    sessionId,
    send: room.send,
    onAnswered: read,
  });

  function adopt(next: Calls): void {
    if (next.session_id !== sessionId) return;
    if (calls.value && next.version <= calls.value.version) return;
    calls.value = next;
    for (const kind of ['talk', 'first', 'second'] as const)
      syncCall(kind, findCall(ownCalls[kind].callId));
  }

  function syncCall(kind: CallKind, call: Call | null): void {
    if (!call) return;
    if (call.ended_at !== null) closeCall(kind);
    else if (call.accepted_at !== null && !staffCalls.has(call.call_id)) connect(call, false);
  }

  function connect(call: Call, rejoin: boolean): void {
    const { call_id: callId, kind } = call;
    const staffCall = createStaffCall({
      callId,
      signaling: signaling,
      rejoin,
      tracks: kind === 'talk' ? (voice.localStream.value?.getAudioTracks() ?? []) : [],
      onStream(stream) {
        ownCalls[kind].stream = stream;
        if (kind === 'talk') voice.remoteStream.value = stream;
      },
      onState: (state) => (ownCalls[kind].state = state),
      onLost: () => void endCall(kind, 'lost'),
    });
    staffCalls.set(callId, staffCall);
    earlySignals.splice(0).forEach(staffCall.handleSignal);
  }

  function closeCall(kind: CallKind): void {
    const { callId } = ownCalls[kind];
    if (callId) {
      staffCalls.get(callId)?.close();
      staffCalls.delete(callId);
    }
    Object.assign(ownCalls[kind], { callId: null, stream: null, state: 'off' });
    if (kind === 'talk') voice.stop();
  }

  async function startCall(kind: CallKind, reason: string | null = null): Promise<void> {
    const callId = newId();
    Object.assign(ownCalls[kind], { ...idleCall(), callId, state: 'asking' });
    try {
      if (kind === 'talk') await voice.tracks();
      const params = { path: { session_id: sessionId } };
      const body = { call_id: callId, kind, reason };
      const call = await api.request((client) =>
        client.POST('/proctor/sessions/{session_id}/calls', { params, body }),
      );
      if (ownCalls[kind].callId !== callId) {
        await signaling.answer(callId, 'end'); // stopped before it began
        return;
      }
      if (call.accepted_at !== null && !staffCalls.has(callId)) connect(call, false);
      await read();
    } catch (error) {
      if (ownCalls[kind].callId === callId) closeCall(kind);
      ownCalls[kind].problem = error;
    }
  }

  /** Take up one's own talk again, after a reload. */
  async function rejoin(call: Call): Promise<void> {
    Object.assign(ownCalls.talk, { ...idleCall(), callId: call.call_id, state: 'asking' });
    await voice.tracks();
    if (call.accepted_at !== null) connect(call, true);
  }

  async function endCall(kind: CallKind, answer: CallAnswer = 'end'): Promise<void> {
    const { callId } = ownCalls[kind];
    closeCall(kind);
    if (callId) await signaling.answer(callId, answer).catch(() => undefined);
  }

  function upsertWarning(warning: Warning): void {
    if (warning.session_id !== sessionId) return;
    const before = warnings.value.get(warning.warning_id);
    if (!before || warning.version > before.version)
      warnings.value = new Map(warnings.value).set(warning.warning_id, warning);
  }

  function updateChat(next: Chat): void {
    if (next.session_id !== sessionId) return;
    if (!chat.value || next.version > chat.value.version) chat.value = next;
  }

  function handleSignal(signal: Signal): void {
    if (signal.session_id !== sessionId) return;
    const call = staffCalls.get(signal.call_id);
    if (call) call.handleSignal(signal);
    else if (Object.values(ownCalls).some((call) => call.callId === signal.call_id))
      earlySignals.push(signal);
  }

  async function read(): Promise<void> {
    const params = { path: { session_id: sessionId } };
    const messages = await api.request((client) =>
      client.GET('/proctor/sessions/{session_id}/messages', { params }),
    );
    messages.warnings.forEach(upsertWarning);
    adopt(messages.calls);
    updateChat(messages.chat);
    messages.signals.forEach(handleSignal);
  }
  const refresh = () => void read().catch(() => undefined);

  function onPush(push: Push): void {
    if (push.type === 'warning') upsertWarning(push.warning);
    if (push.type === 'calls') adopt(push.calls);
    if (push.type === 'chat') updateChat(push.chat);
    if (push.type === 'signal') handleSignal(push.signal);
  }

  onScopeDispose(room.subscribe({ onPush: onPush, onResync: refresh }));
  refresh();
  pollWhile(
    () =>
      room.connection.value !== 'open' &&
      Object.values(ownCalls).some((call) => call.callId !== null),
    refresh,
  );
  onScopeDispose(() => {
    for (const kind of ['talk', 'first', 'second'] as const) void endCall(kind);
  });

  return {
    sessionId,
    warnings: computed(() => [...warnings.value.values()].sort((a, b) => b.sent_at - a.sent_at)),
    calls,
    chat,
    voice,
    ownCalls,
    talk,
    callElsewhere,
    startCall,
    rejoin,
    endCall,
  };
}
