import type { Problem } from './types';

/** The API refused: its stable code, and the sentence for the person in their language. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly sentence: string,
    readonly field: string | null = null,
  ) {
    super(`${status} ${code}`);
  }

  /** Whether the same request may succeed later without anybody doing anything. */
  get retryable(): boolean {
    // A throttled user is shown how long to wait: pages do not retry for them.
    if (this.code === 'too_many_tries') return false;
    return this.status === 429 || this.status >= 500 || this.code === 'conflict';
  }
}

/** The server did not answer: offline, a broken connection, too slow, or something between did. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(
    cause: unknown,
    /** The status that a firewall, proxy or login page answered with; null where nothing did. */
    readonly intermediary: number | null = null,
  ) {
    super('no answer', { cause });
  }
}

/** The request could not be made, or its answer not read, because of this browser or an error of ours. */
export class BrowserError extends Error {
  override readonly name = 'BrowserError';

  constructor(cause: unknown) {
    super(String(cause), { cause });
  }
}

/** What `fetch` rejects with where no answer came; our own time limit aborts it. */
const FETCH_FAILURES: ReadonlySet<string> = new Set(['TypeError', 'AbortError', 'TimeoutError']);

/** The error of a request that `fetch` itself refused: the network's, and nobody else's. */
export function fetchFailure(cause: unknown): NetworkError | BrowserError {
  if (cause instanceof NetworkError || cause instanceof BrowserError) return cause;
  const isNetwork = FETCH_FAILURES.has((cause as Partial<Error> | undefined)?.name ?? '');
  return isNetwork ? new NetworkError(cause) : new BrowserError(cause);
}

/** Whether trying the same again may help: what the browser fails at is never given up, nor told as lost. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof NetworkError || error instanceof BrowserError) return true;
  return error instanceof ApiError && error.retryable;
}

/** The header of every response that the API itself made. */
const API_HEADER = 'X-Invigil';

/**
 * Return a response that the API made; throw for any other. Firewalls, proxies and login pages
 * answer in the server's place, with any status: what they say is no verdict, and passes.
 */
export function requireApiResponse(response: Response): Response {
  if (response.headers.has(API_HEADER)) return response;
  throw new NetworkError('not an answer of the API', response.status);
}

/** The error that a response tells: only a Problem is the API's word. */
export function errorOf(status: number, body: unknown): ApiError | NetworkError {
  if (!isProblem(body)) return new NetworkError('not a problem of the API', status);
  return new ApiError(status, body.code, body.message, body.field ?? null);
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    'message' in body &&
    typeof body.code === 'string' &&
    typeof body.message === 'string'
  );
}
