// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { Observation } from '../../shared/api/types';
import { createStubApi } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { makeSitting, pageBefore } from '../tests/captures';
import { makeAuditEntry, makeFlag, makeSeat, T0 } from '../tests/factories';
import { mountInConsole } from '../tests/mountInConsole';
import ReplayPlayer from './ReplayPlayer.vue';

const HOUR = 3_600_000;
const PATH = '/proctor/sessions/s1';

/** Every picture that the page fetched. */
let fetched: FakeImage[] = [];
class FakeImage extends Image {
  constructor() {
    super();
    fetched.push(this);
  }

  override decode(): Promise<void> {
    return Promise.resolve();
  }
}

const ended = [
  makeAuditEntry(T0, 'start'),
  makeAuditEntry(T0 + HOUR, 'outage', { silent: 300_000 }),
  makeAuditEntry(T0 + 3 * HOUR, 'submit'),
];
const record = { answers: [], chat: [], session: { excused: [], rule_overrides: {} } };

let mounted: MountedComponent;
beforeEach(() => {
  fetched = [];
  vi.stubGlobal('Image', FakeImage);
});
afterEach(() => {
  mounted.unmount();
  vi.unstubAllGlobals();
});

async function open(
  sitting: readonly Observation[],
  { audit = ended, start = 'begin', startedAt = T0 } = {},
) {
  const detail = {
    seat: makeSeat('s1', { session: { started_at: startedAt, second_view_joined_at: startedAt } }),
    flags: [makeFlag({ began_at: T0 + 2 * HOUR, ended_at: T0 + 2 * HOUR + 9_000 })],
    audit,
    time_zone: '',
  };
  const stub = createStubApi({}, (path) => {
    if (path === PATH) return detail;
    if (path === `${PATH}/record`) return { record: JSON.stringify(record), files: {} };
    return pageBefore(sitting, path.split('/').at(-1) ?? '');
  });
  mounted = mountInConsole(ReplayPlayer, stub, { sessionId: 's1', start });
  await vi.waitFor(() => expect(view('first').dataset.capture).toBeDefined());
  return stub;
}

function view(name: string): HTMLElement {
  const found = mounted.root.querySelector<HTMLElement>(`[data-view="${name}"]`);
  if (!found) throw new Error('no view yet');
  return found;
}
const moment = () => Number(mounted.get('replay-moment').dataset.moment);
const players = () => [...mounted.root.querySelectorAll('audio')];
async function goTo(at: number) {
  await mounted.fill('replay-range', String(at));
}

describe('a three-hour sitting', () => {
  const sitting = makeSitting(T0, T0 + 3 * HOUR);

  it('opens with four requests, six pictures and a clip', async () => {
    const stub = await open(sitting);
    // The record, the candidate, and a page of captures.
    expect(stub.sent.length).toBeLessThanOrEqual(4);
    await vi.waitFor(() => expect(players()).toHaveLength(1));
    // Of each view the one that is shown, and two ahead.
    expect(new Set(fetched.map((image) => image.src)).size).toBeLessThanOrEqual(6);
  });

  it('seeks to ten places with a page of captures each, and keeps few elements', async () => {
    const stub = await open(sitting);
    const before = stub.sent.length;
    for (let place = 1; place <= 10; place++) {
      const at = T0 + place * 17 * 60_000;
      await goTo(at);
      if (at === T0 + HOUR) continue;
      await vi.waitFor(() =>
        expect(view('first').dataset.capture).toBe(`${at - (at % 5_000)}-first-picture`),
      );
      expect(players().length).toBeLessThanOrEqual(2);
      expect(mounted.root.querySelectorAll('img').length).toBeLessThanOrEqual(2);
    }
    // One for the place, and at most one for what follows where that lies in the next window.
    expect(stub.sent.length - before).toBeLessThanOrEqual(20);
  });

  it('lets go of the sound that it has left', async () => {
    await open(sitting);
    await vi.waitFor(() => expect(players()).toHaveLength(1));
    const [left] = players();
    await goTo(T0 + 2 * HOUR);
    await vi.waitFor(() => expect(players()[0]).not.toBe(left));
    expect(left?.getAttribute('src')).toBeNull();
  });

  it('shows a gap as one, with its reason and its times', async () => {
    const holes = sitting.filter(
      ({ captured_at }) => captured_at < T0 + HOUR - 300_000 || captured_at > T0 + HOUR,
    );
    await open(holes);
    await goTo(T0 + HOUR - 60_000);
    await vi.waitFor(() => expect(view('first').dataset.gap).toBe('outage'));
    expect(view('first').textContent).toMatch(/失去联系\d.*至/);
    expect(view('second').dataset.gap).toBe('not_arrived');
    expect(mounted.get('replay-sound-status').textContent).toContain('没有录音到达');
  });

  it('jumps by buttons and keys to flags and to what happened', async () => {
    await open(sitting);
    await mounted.press('replay-next');
    expect(moment()).toBe(T0 + 2 * HOUR);
    await mounted.press('replay-previous-word');
    expect(moment()).toBe(T0 + HOUR);
    await type('j');
    expect(moment()).toBe(T0 + 3 * HOUR);
    await type('p');
    expect(moment()).toBe(T0 + 2 * HOUR);
    await type('ArrowLeft');
    expect(moment()).toBe(T0 + 2 * HOUR - 5_000);
    await mounted.press('replay-keys-on');
    await type('n');
    expect(moment()).toBe(T0 + 2 * HOUR - 5_000);
    await mounted.press('replay-keys-on');
  });

  it('has speeds from a half to sixteen, and no sound above two', async () => {
    await open(sitting);
    const select = mounted.get('replay-speed') as HTMLSelectElement;
    expect([...select.options].map((option) => option.value)).toEqual([
      '0.5',
      '1',
      '2',
      '4',
      '8',
      '16',
    ]);
    const status = () => mounted.get('replay-sound-status').textContent;
    expect(status()).toContain('正在播放');
    await type('+');
    expect(status()).toContain('正在播放');
    await type('+');
    expect(status()).toContain('高于 2 倍速');
  });
});

describe('a sitting under way', () => {
  it('replays its last minute, and follows what comes', async () => {
    const now = Date.now();
    const began = now - 10 * 60_000;
    const sitting = makeSitting(began, now);
    const stub = await open(sitting, {
      audit: [makeAuditEntry(began, 'start')],
      start: 'last-minute',
      startedAt: began,
    });
    expect(now - moment()).toBeLessThanOrEqual(60_000);
    expect(now - moment()).toBeGreaterThan(50_000);
    expect(mounted.get('replay-live').textContent).toContain('进行中');
    const shown = moment();
    await vi.waitFor(() => expect(moment()).toBeGreaterThan(shown));
    expect(stub.sent.length).toBeLessThanOrEqual(4);
  });
});

async function type(key: string): Promise<void> {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
  await nextTick();
}
