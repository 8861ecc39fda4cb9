/** An API for tests that answers each request from a list and keeps what was sent. */
import { createApi, type Api } from '../api/client';
import { createClock } from '../clock';

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** A refusal as the API makes it. */
export interface StubRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const refusal = (status: number, code = 'refused', message = ''): StubRefusal => ({
  status,
  code,
  message,
});

export interface StubApi {
  readonly api: Api;
  readonly sent: SentRequest[];
  /** The requests to one path. */
  sentTo: (path: string) => SentRequest[];
}

/** The header by which pages know an answer of the API's own. */
const OWN = { 'X-Invigil': '1' };

/** Answer the requests to each path in turn; where nothing is left, as `otherwise` says. */
export function createStubApi(
  answers: Record<string, unknown[]> = {},
  otherwise: (path: string) => unknown = () => ({ done: true }),
): StubApi {
  const sent: SentRequest[] = [];
  const api = createApi({
    baseUrl: 'https://api.test',
    token: () => 'token',
    language: () => 'zh',
    clock: createClock(),
    fetch: async (request) => {
      const { pathname: path } = new URL(request.url);
      const text = await request.text();
      const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
      sent.push({ method: request.method, path, body });
      const answer = answers[path]?.shift() ?? otherwise(path);
      return isRefusal(answer)
        ? json({ code: answer.code, message: answer.message, field: null }, answer.status)
        : json(answer);
    },
  });
  return { api, sent, sentTo: (path) => sent.filter((request) => request.path === path) };
}

const json = (content: unknown, status = 200) =>
  new Response(JSON.stringify(content), {
    status,
    headers: { ...OWN, 'Content-Type': 'application/json' },
  });

const isRefusal = (answer: unknown): answer is StubRefusal =>
  typeof answer === 'object' && answer !== null && 'status' in answer && 'message' in answer;
