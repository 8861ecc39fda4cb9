import createClient, { type Client } from 'openapi-fetch';
import type { ServerClock } from '../clock';
import { timeoutSignal } from '../backoff';
import { traffic } from '../traffic';
import { BrowserError, errorOf, fetchFailure, NetworkError, requireApiResponse } from './errors';
import type { paths } from './schema';

const TIMEOUT_MS = 20_000;

export interface ApiOptions {
  /** Without trailing slash. */
  baseUrl: string;
  /** The bearer token, or null while nobody is signed in. */
  token: () => string | null;
  language: () => 'zh' | 'en';
  clock: ServerClock;
  fetch?: (request: Request) => Promise<Response>;
}

interface ApiResult<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

type ApiCall<Data> = (client: Client<paths>) => Promise<ApiResult<Data>>;

/** The API as the pages use it: `api.ask((client) => client.GET('/candidate/session'))`. */
export interface Api {
  /** Return the response's body. Throws ApiError, NetworkError or BrowserError, nothing else. */
  request<Data>(call: ApiCall<Data>): Promise<Data>;
}

/** Create the API client. Every response that contains `now` synchronizes the clock. */
export function createApi(options: ApiOptions): Api {
  const send = options.fetch ?? ((request: Request) => fetch(request));
  const client = createClient<paths>({
    baseUrl: options.baseUrl,
    async fetch(request) {
      // The API never redirects: a login page that does gets neither answers nor token.
      const signal = timeoutSignal(TIMEOUT_MS);
      const limited = new Request(request, { signal, redirect: 'error' });
      return receive(() => send(limited));
    },
  });
  client.use({
    onRequest({ request }) {
      const token = options.token();
      if (token) request.headers.set('Authorization', `Bearer ${token}`);
      request.headers.set('Accept-Language', options.language());
    },
  });
  return {
    request: (call) => traffic.urgent('request', () => perform(client, options.clock, call)),
  };
}

/** An answer of the API with its whole body: what `fetch` fails at is the network's, all else is not. */
async function receive(send: () => Promise<Response>): Promise<Response> {
  const failed = (cause: unknown) => {
    throw fetchFailure(cause);
  };
  const response = requireApiResponse(await send().catch(failed));
  const body = await response.arrayBuffer().catch(failed);
  return new Response(body.byteLength > 0 ? body : null, response);
}

async function perform<Data>(client: Client<paths>, clock: ServerClock, call: ApiCall<Data>) {
  const sentAt = clock.local();
  const result = await call(client).catch((cause: unknown) => {
    if (cause instanceof NetworkError || cause instanceof BrowserError) throw cause;
    // An answer that cannot be read was cut on its way.
    throw cause instanceof SyntaxError ? new NetworkError(cause) : new BrowserError(cause);
  });
  if (result.data === undefined) throw errorOf(result.response.status, result.error);
  const { data } = result;
  if (hasServerTime(data)) clock.synchronize(data.now, sentAt, clock.local());
  return data;
}

function hasServerTime(data: unknown): data is { now: number } {
  return typeof data === 'object' && data !== null && 'now' in data && typeof data.now === 'number';
}
