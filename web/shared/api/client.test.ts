import { describe, expect, it } from 'vitest';
import { createClock } from '../clock';
import { createApi } from './client';
import { ApiError, isRetryable, NetworkError } from './errors';

const HTML = '<html><body>请先登录网络</body></html>';
const OWN = { 'X-Invigil': '1', 'Content-Type': 'application/json' };
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
