import createClient, { type Client } from 'openapi-fetch';
import type { ServerClock } from '../clock';
import { ApiError, NetworkError } from './errors';
import type { paths } from './schema';

const LONGEST_WAIT_MS = 20_000;

export interface ApiOptions {
  /** Without trailing slash. */
  baseUrl: string;
  /** The bearer token, or null while nobody is signed in. */
  token: () => string | null;
  language: () => 'zh' | 'en';
  clock: ServerClock;
  fetch?: (request: Request) => Promise<Response>;
}

interface Answered<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

type Call<Data> = (client: Client<paths>) => Promise<Answered<Data>>;

/** The API as the pages use it: `api.ask((client) => client.GET('/candidate/session'))`. */
export interface Api {
  /** Return the answer's body. Throws ApiError or NetworkError, nothing else. */
  ask<Data>(call: Call<Data>): Promise<Data>;
}

/** Make the API's client. Every answer that holds `now` teaches the clock. */
export function createApi(options: ApiOptions): Api {
  const send = options.fetch ?? ((request: Request) => fetch(request));
  const client = createClient<paths>({
    baseUrl: options.baseUrl,
    fetch: (request) =>
      send(new Request(request, { signal: AbortSignal.timeout(LONGEST_WAIT_MS) })),
  });
  client.use({
    onRequest({ request }) {
      const token = options.token();
      if (token) request.headers.set('Authorization', `Bearer ${token}`);
      request.headers.set('Accept-Language', options.language());
    },
  });
  return { ask: (call) => ask(client, options.clock, call) };
}

async function ask<Data>(client: Client<paths>, clock: ServerClock, call: Call<Data>) {
  const asked = clock.local();
  const answer = await call(client).catch((cause: unknown) => {
    throw new NetworkError(cause);
  });
  if (answer.data === undefined) throw ApiError.of(answer.response.status, answer.error);
  const { data } = answer;
  if (tellsTime(data)) clock.learn(data.now, asked, clock.local());
  return data;
}

function tellsTime(data: unknown): data is { now: number } {
  return typeof data === 'object' && data !== null && 'now' in data && typeof data.now === 'number';
}
