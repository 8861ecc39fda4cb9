import type { Api } from '../api/client';
import type { CallAnswer, Ice, SignalStep } from '../api/types';
import type { Socket } from '../socket';

/** How a page speaks to the server about a call. */
export interface Signaling {
  ice: () => Promise<Ice>;
  /** Pass a step on to the other side. What is lost is asked for again by a new attempt. */
  signal: (callId: string, step: SignalStep) => void;
  answer: (callId: string, answer: CallAnswer) => Promise<void>;
}

/** Where each page's side of a call is spoken for. */
type CallPath =
  | '/candidate/calls/{call_id}'
  | '/phone/calls/{call_id}'
  | '/proctor/sessions/{session_id}/calls/{call_id}';

interface SignalingOptions {
  api: Api;
  path: CallPath;
  sessionId: string;
  send: Socket['send'];
  /** What is done when an answer has arrived. */
  onAnswered?: () => Promise<void>;
}

export function createSignaling({
  api,
  path,
  sessionId,
  send,
  onAnswered,
}: SignalingOptions): Signaling {
  // A path takes of these what it names.
  const params = (callId: string) => ({ path: { session_id: sessionId, call_id: callId } });
  return {
    ice: () => api.request((client) => client.GET('/live/ice')),
    signal(callId, signal) {
      if (send({ action: 'signal', session_id: sessionId, call_id: callId, signal })) return;
      api
        .request((client) =>
          client.POST(`${path}/signals`, { params: params(callId), body: signal }),
        )
        .catch(() => undefined);
    },
    async answer(callId, answer) {
      await api.request((client) =>
        client.POST(path, { params: params(callId), body: { answer } }),
      );
      await onAnswered?.();
    },
  };
}
