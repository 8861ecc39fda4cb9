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

/** Whether trying the same again may help. */
export function isRetryable(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ApiError && error.retryable);
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
