import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClock } from '../clock';
import { createApi } from './client';
import { ApiError, BrowserError, isRetryable, NetworkError } from './errors';

const HTML = '<html><body>请先登录网络</body></html>';
const OWN = { 'X-Invigil': '1', 'Content-Type': 'application/json' };
const EMPTY = new ArrayBuffer(0);
const PROBLEM = { code: 'wrong_state', message: '当前阶段不能这样做。' };

function ask(answer: () => Response | Promise<Response>) {
  const sent: Request[] = [];
  const api = createApi({
    baseUrl: 'https://api.test',
    token: () => 't',
    language: () => 'zh',
    clock: createClock(),
    fetch: (request) => {
      sent.push(request);
      return Promise.resolve(answer());
    },
  });
  return { sent, result: api.request((client) => client.GET('/candidate/session')) };
}

const failureOf = (answer: () => Response | Promise<Response>) =>
  ask(answer).result.then(
    () => null,
    (error: unknown) => error,
  );

describe('an answer of something between', () => {
  it.each([200, 204, 302, 400, 401, 403, 404, 405, 407, 409, 429, 451, 500, 511])(
    'with HTML and %i is a failure that passes',
    async (status) => {
      const error = await failureOf(() => new Response(status === 204 ? null : HTML, { status }));
      expect(error).toBeInstanceOf(NetworkError);
      expect((error as NetworkError).intermediary).toBe(status);
      expect(isRetryable(error)).toBe(true);
    },
  );

  it.each([
    [200, {}],
    [200, { session_id: 's', state: 'submitted' }],
    [401, PROBLEM],
    [403, { message: 'Forbidden' }],
  ])('with JSON and %i is no word of the API', async (status, body) => {
    const error = await failureOf(() => Response.json(body, { status }));
    expect(error).toBeInstanceOf(NetworkError);
  });

  it('is never followed to another address', async () => {
    const { sent, result } = ask(() => Response.json({}, { headers: OWN }));
    await result;
    expect(sent[0]?.redirect).toBe('error');
  });
});

describe('the API’s own word', () => {
  it('is a verdict where it is a Problem', async () => {
    const error = await failureOf(() => Response.json(PROBLEM, { status: 409, headers: OWN }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      ...PROBLEM,
      message: '409 wrong_state',
      sentence: PROBLEM.message,
    });
  });

  it('that was cut on its way is none', async () => {
    const cut = () => new Response('{"code": "wrong', { status: 200, headers: OWN });
    expect(await failureOf(cut)).toBeInstanceOf(NetworkError);
    const empty = () => new Response('', { status: 409, headers: OWN });
    expect(await failureOf(empty)).toBeInstanceOf(NetworkError);
  });
});

describe('a request that brought no answer', () => {
  afterEach(() => void vi.unstubAllGlobals());
  const refused = (error: Error) => failureOf(() => Promise.reject(error));

  it.each([
    new TypeError('Failed to fetch'),
    new DOMException('', 'AbortError'),
    new DOMException('', 'TimeoutError'),
  ])('is the network’s where fetch itself says so: %s', async (error) => {
    expect(await refused(error)).toBeInstanceOf(NetworkError);
  });

  it('is the network’s where the answer broke off', async () => {
    const broken = new ReadableStream({
      pull: () => {
        throw new TypeError('network error');
      },
    });
    expect(await failureOf(() => new Response(broken, { headers: OWN }))).toBeInstanceOf(
      NetworkError,
    );
  });

  it.each(['Request', 'AbortController', 'Response'])(
    'is the browser’s where that has no %s, and is not given up',
    async (name) => {
      vi.stubGlobal(name, undefined);
      const response = { headers: new Headers(OWN), arrayBuffer: () => Promise.resolve(EMPTY) };
      const error = await failureOf(() => response as Response);
      expect(error).toBeInstanceOf(BrowserError);
      expect(isRetryable(error)).toBe(true);
    },
  );

  it('is never the network’s where a program error of ours stopped it', async () => {
    const api = createApi({
      baseUrl: 'https://api.test',
      token: () => (undefined as unknown as { token: string }).token,
      language: () => 'zh',
      clock: createClock(),
    });
    const asking = api.request((client) => client.GET('/candidate/session'));
    await expect(asking).rejects.toBeInstanceOf(BrowserError);
  });
});
