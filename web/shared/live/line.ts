import type { Api } from '../api/client';
import type { CallAnswer, Ice, Step } from '../api/types';

/** How a page speaks to the server about a call. */
export interface Line {
  ice: () => Promise<Ice>;
  /** Pass a step on to the other side. What is lost is asked for again by a new attempt. */
  signal: (callId: string, step: Step) => void;
  answer: (callId: string, answer: CallAnswer) => Promise<void>;
}

export function readIce(api: Api): Promise<Ice> {
  return api.ask((client) => client.GET('/live/ice'));
}
