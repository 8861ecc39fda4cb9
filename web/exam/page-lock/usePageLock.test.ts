// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef, type EffectScope, type ShallowRef } from 'vue';
import { NetworkError } from '../../shared/api/errors';
import type { Session } from '../../shared/api/types';
import { deviceStore } from '../../shared/storage';
import type { ExamSession } from '../session/session';
import { createPageLock, type PageLock } from './usePageLock';

const NAMES = {
  '': {
    enabled: 'fullscreenEnabled',
    element: 'fullscreenElement',
    exit: 'exitFullscreen',
    request: 'requestFullscreen',
  },
  webkit: {
    enabled: 'webkitFullscreenEnabled',
    element: 'webkitFullscreenElement',
    exit: 'webkitExitFullscreen',
    request: 'webkitRequestFullscreen',
  },
} as const;

/** The screen of a browser, which fills it, refuses to, or cannot, by today's names or Safari's. */
class Screen {
  element: Element | null = null;
  focused = true;
  constructor(
    readonly prefix: '' | 'webkit',
    public mode: 'fills' | 'refuses' | 'cannot' = 'fills',
  ) {
    const names = NAMES[prefix];
    define(document, names.enabled, () => this.mode !== 'cannot');
    define(document, names.element, () => this.element);
    define(document, names.exit, () => () => this.leave());
    define(document.documentElement, names.request, () => () => this.fill());
    define(document, 'hasFocus', () => () => this.focused);
  }

  fill(): Promise<void> | undefined {
    if (this.mode === 'refuses') return Promise.reject(new TypeError('not allowed'));
    this.element = document.documentElement;
    this.notify();
    return this.prefix === '' ? Promise.resolve() : undefined;
  }

  leave(): Promise<void> {
    this.element = null;
    this.notify();
    return Promise.resolve();
  }

  private notify(): void {
    document.dispatchEvent(new Event(`${this.prefix}fullscreenchange`));
  }
}

const defined: [object, string][] = [];
function define(target: object, name: string, get: () => unknown): void {
  defined.push([target, name]);
  Object.defineProperty(target, name, { configurable: true, get });
}

let scope: EffectScope;
let reported: { away: boolean; why: string }[];
let lock: PageLock;
let session: ShallowRef<Session>;
/** Whether the API can be reached. */
let online = true;

function open(forgiven = 1_000): void {
  session = shallowRef({
    session_id: 's1',
    state: 'answering',
    lock: { on: true, limit: 5, then: 'pause', forgiven, count: 0, sequence: 0, practice: false },
    subject: { safe_browser: 'off' },
  } as unknown as Session);
  const exam = {
    session,
    sebVerified: ref(false),
    clock: { now: () => Date.now(), local: () => Date.now() },
    runStep: (step: (api: unknown) => Promise<unknown>) =>
      step({
        request: (call: (client: unknown) => Promise<unknown>) =>
          call({
            POST: (_: string, { body }: { body: { away: boolean; why: string } }) => {
              if (!online) return Promise.reject(new NetworkError('offline'));
              reported.push({ away: body.away, why: body.why });
              return Promise.resolve({});
            },
          }),
      }),
  } as unknown as ExamSession;
  scope = effectScope();
  scope.run(() => (lock = createPageLock(exam)));
}

beforeEach(() => {
  vi.useFakeTimers();
  deviceStore.remove('invigil.lock.s1');
  reported = [];
  online = true;
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
  defined.splice(0).forEach(([target, name]) => Reflect.deleteProperty(target, name));
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

async function enter(): Promise<void> {
  const entering = lock.enter();
  await pass(2_500);
  await entering;
  await nextTick();
}

describe.each(['', 'webkit'] as const)('a screen that is filled by «%s» names', (prefix) => {
  it('uncovers the questions, and gives the screen back', async () => {
    const screen = new Screen(prefix);
    open();
    expect(lock.overlay.value).toEqual({ kind: 'enter' });
    await enter();
    expect(screen.element).not.toBeNull();
    expect(lock.overlay.value).toBeNull();
  });

  it('is left by Esc without a count, where the person is back in time', async () => {
    const screen = new Screen(prefix);
    open();
    await enter();
    await screen.leave();
    expect(lock.overlay.value).toMatchObject({ why: 'fullscreen', forgivable: true });
    await pass(9_000);
    await enter();
    await pass(20_000);
    expect(lock.overlay.value).toBeNull();
    expect(reported).toEqual([]);
  });

  it('counts where they are not', async () => {
    const screen = new Screen(prefix);
    open();
    await enter();
    await screen.leave();
    await pass(10_000);
    expect(reported).toEqual([{ away: true, why: 'fullscreen' }]);
    expect(lock.overlay.value).toMatchObject({ forgivable: false });
  });
});

it('focus that is lost after Esc has no more grace than any', async () => {
  const screen = new Screen('');
  open();
  await enter();
  await screen.leave();
  await pass(3_000);
  screen.focused = false;
  window.dispatchEvent(new Event('blur'));
  await pass(1_000);
  expect(reported).toHaveLength(1);
});

it('a browser’s question that held the page counts nothing, where the focus is back', async () => {
  const screen = new Screen('');
  open(1_050);
  await enter();
  await pass(100);
  screen.focused = false;
  window.dispatchEvent(new Event('blur'));
  await pass(1_040);
  screen.focused = true;
  await pass(5_000);
  expect(reported).toEqual([]);
});

it('a rule without grace counts Esc at once', async () => {
  const screen = new Screen('');
  open(0);
  await enter();
  await screen.leave();
  await pass(1);
  expect(reported).toEqual([{ away: true, why: 'fullscreen' }]);
});

it('a browser that refuses twice goes on in its window, which is held', async () => {
  const screen = new Screen('', 'refuses');
  open();
  await enter();
  expect(lock.overlay.value).toEqual({ kind: 'enter' });
  expect(lock.refusals.value).toBe(1);
  await enter();
  expect(lock.fillsScreen.value).toBe(false);
  expect(lock.overlay.value).toBeNull();
  screen.focused = false;
  await pass(2_000);
  expect(reported).toEqual([{ away: true, why: 'blur' }]);
});

it('a browser without full screen says so first, and is held as well', async () => {
  new Screen('', 'cannot');
  open();
  expect(lock.fillsScreen.value).toBe(false);
  expect(lock.overlay.value).toEqual({ kind: 'enter' });
  await enter();
  expect(lock.overlay.value).toBeNull();
});

it('reports that waited for the network are sent after the paper was handed in', async () => {
  const screen = new Screen('');
  open(0);
  await enter();
  online = false;
  await screen.leave();
  await pass(1);
  await enter();
  session.value = { ...session.value, state: 'submitted' };
  await nextTick();
  online = true;
  await pass(60_000);
  expect(reported.map((report) => report.away)).toEqual([true, false]);
});

it('Esc closes nothing while the screen is held', async () => {
  new Screen('');
  open();
  await enter();
  const press = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true });
  document.body.dispatchEvent(press);
  expect(press.defaultPrevented).toBe(true);
  const dialog = document.body.appendChild(document.createElement('dialog'));
  const cancel = new Event('cancel', { cancelable: true });
  dialog.dispatchEvent(cancel);
  expect(cancel.defaultPrevented).toBe(true);
  dialog.remove();
});

describe('the browser’s window for sharing the screen', () => {
  it('takes the focus without a count, once it is closed in time', async () => {
    const screen = new Screen('');
    open();
    await enter();
    let close: () => void = () => undefined;
    void lock.excuse(new Promise<void>((resolve) => (close = resolve)));
    screen.focused = false;
    await pass(30_000);
    expect(lock.overlay.value).toBeNull();
    screen.focused = true;
    close();
    await pass(2_000);
    expect(reported).toEqual([]);
  });

  it('excuses no more than the focus, and no longer than a minute', async () => {
    const screen = new Screen('');
    open();
    await enter();
    void lock.excuse(new Promise(() => undefined));
    screen.focused = false;
    await pass(59_000);
    expect(reported).toEqual([]);
    await pass(3_000);
    expect(reported).toEqual([{ away: true, why: 'blur' }]);
  });
});
