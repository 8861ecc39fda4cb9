import type { Problem } from './types';

/** The API refused: its stable code, and the sentence for the person in their language. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    /** Empty where the answer held no sentence, as from a gateway before the API. */
    readonly sentence: string,
    readonly field: string | null = null,
  ) {
    super(`${status} ${code}`);
  }

  /** Build one out of whatever the answer's body was. */
  static of(status: number, body: unknown): ApiError {
    if (!isProblem(body)) return new ApiError(status, `http_${status}`, '');
    return new ApiError(status, body.code, body.message, body.field ?? null);
  }

  /** Whether the same request may succeed later without anybody doing anything. */
  get retryable(): boolean {
    // A throttled user is shown how long to wait: pages do not retry for them.
    if (this.code === 'too_many_tries') return false;
    return this.status === 429 || this.status >= 500 || this.code === 'conflict';
  }
}

/** No answer came: offline, a broken connection, or too slow. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(cause: unknown) {
    super('no answer', { cause });
  }
}

/** Whether trying the same again may help. */
export function isRetryable(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ApiError && error.retryable);
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
