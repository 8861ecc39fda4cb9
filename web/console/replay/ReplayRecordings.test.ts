// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { Segment, SessionRecording } from '../../shared/api/types';
import { createStubApi } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { makeSitting, pageBefore } from '../tests/captures';
import { makeAuditEntry, makeSeat, T0 } from '../tests/factories';
import { mountInConsole } from '../tests/mountInConsole';
import { makeRecording, makeSegment, segmentsBefore } from '../tests/segments';
import ReplayPlayer from './ReplayPlayer.vue';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const PATH = '/proctor/sessions/s1';
const ALL: SessionRecording = {
  tracks: [
    { track: 'first', mode: 'all' },
    { track: 'second', mode: 'all' },
  ],
  consent: true,
};
const sitting = makeSitting(T0, T0 + 3 * HOUR);
const recording = makeRecording(T0, T0 + 3 * HOUR);

let mounted: MountedComponent;
/** Files that were asked for and are still kept. */
let kept: Set<string>;
beforeEach(() => {
  kept = new Set();
  let made = 0;
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('film', { headers: { ETag: '"1"' } })));
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:${++made}`;
    kept.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void kept.delete(url));
  // Every picture of the film is there as soon as its file is.
  vi.spyOn(HTMLMediaElement.prototype, 'readyState', 'get').mockReturnValue(4);
});
afterEach(() => {
  mounted.unmount();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

interface Setting {
  readonly rule?: SessionRecording;
  readonly segments?: readonly Segment[];
  readonly audit?: ReturnType<typeof makeAuditEntry>[];
}

async function open({ rule = ALL, segments = recording, audit = [] }: Setting = {}) {
  const detail = {
    seat: makeSeat('s1', {
      session: { started_at: T0, second_view_joined_at: T0, recording: rule },
    }),
    flags: [],
    audit: [makeAuditEntry(T0, 'start'), ...audit, makeAuditEntry(T0 + 3 * HOUR, 'submit')],
    time_zone: '',
  };
  const record = { answers: [], chat: [], session: { excused: [], rule_overrides: {} } };
  const stub = createStubApi({}, (path) => {
    const before = path.split('/').at(-1) ?? '';
    if (path === PATH) return detail;
    if (path === `${PATH}/record`) return { record: JSON.stringify(record), files: {} };
    if (path.startsWith(`${PATH}/recordings/`)) return segmentsBefore(segments, before);
    return pageBefore(sitting, before);
  });
  mounted = mountInConsole(ReplayPlayer, stub, { sessionId: 's1', start: 'begin' });
  await mounted.appears('replay-view');
  return stub;
}

function view(name: string): HTMLElement {
  const found = mounted.root.querySelector<HTMLElement>(`[data-view="${name}"]`);
  if (!found) throw new Error(`no view ${name}`);
  return found;
}
const goTo = (at: number) => mounted.fill('replay-range', String(at));
const shows = (name: string, at: number) =>
  vi.waitFor(() => expect(view(name).dataset.segment).toContain(`${name}/${at}`));
const gapOf = (name: string) =>
  view(name).querySelector<HTMLElement>('[data-testid="recording-gap"]');

describe('a recorded sitting of three hours', () => {
  it('opens with five requests, and plays both tracks', async () => {
    const stub = await open();
    await goTo(T0 + 3_000);
    await shows('first', T0);
    await shows('second', T0);
    expect(stub.sent.length).toBeLessThanOrEqual(5);
    expect(view('first').dataset.capture).toBeUndefined();
    expect(mounted.find('replay-gap')).toBeNull();
  });

  it('seeks to ten places, and keeps four files at most', async () => {
    await open();
    for (let place = 1; place <= 10; place++) {
      const at = T0 + place * 17 * MINUTE;
      await goTo(at + 2_000);
      await shows('first', at);
      await shows('second', at);
      await vi.waitFor(() => expect(kept.size).toBeLessThanOrEqual(4));
    }
    expect(mounted.root.querySelectorAll('video')).toHaveLength(4);
    mounted.unmount();
    expect(kept.size).toBe(0);
  });

  it('plays the recording’s sound and no clips, of the view that is chosen', async () => {
    await open();
    await goTo(T0 + 3_000);
    await shows('second', T0);
    const status = () => mounted.get('replay-sound-status').textContent;
    expect(status()).toContain('第一视角');
    expect(mounted.root.querySelectorAll('audio')).toHaveLength(0);
    await mounted.fill('replay-sound-source', 'second');
    expect(status()).toContain('第二视角');
    const heard = [...view('second').querySelectorAll('video')].map((video) => video.muted);
    await vi.waitFor(() => expect(heard).toContain(false));
    await mounted.fill('replay-speed', '4');
    expect(status()).toContain('高于 2 倍速');
  });

  it('has a third lane only where the screen is recorded', async () => {
    await open();
    expect(mounted.root.querySelector('[data-view="screen"]')).toBeNull();
    mounted.unmount();
    const screen = { track: 'screen', mode: 'all' } as const;
    await open({ rule: { tracks: [...ALL.tracks, screen], consent: true } });
    await goTo(T0 + 3_000);
    await vi.waitFor(() => expect(gapOf('screen')?.dataset.reason).toBe('not_arrived'));
  });
});

describe('a gap of the recording', () => {
  const begin = T0 + 10 * MINUTE;
  const holed = recording.filter(
    ({ track, began_at }) => track !== 'first' || began_at < begin || began_at > begin + MINUTE,
  );
  const told = makeAuditEntry(begin + MINUTE, 'recording_gap', {
    track: 'first',
    reason: 'page_closed',
    began_at: begin,
    ended_at: begin + MINUTE,
  });

  it('is told with its reason over the snapshot that stands instead', async () => {
    await open({ segments: holed, audit: [told] });
    await goTo(begin + 31_000);
    await vi.waitFor(() => expect(gapOf('first')?.dataset.reason).toBe('page_closed'));
    expect(gapOf('first')?.textContent).toMatch(/考试页面已关闭.*至/s);
    await vi.waitFor(() => expect(view('first').dataset.capture).toBeDefined());
    await shows('second', begin + 30_000);
    const lane = mounted.root.querySelector<HTMLElement>('[data-reason="page_closed"][title]');
    expect(lane?.title).toContain('第一视角录像缺口');
    lane?.click();
    await nextTick();
    expect(Number(mounted.get('replay-moment').dataset.moment)).toBe(begin);
  });

  it('of a broken segment stops neither the other track nor the replay', async () => {
    const segments = recording.map((segment) =>
      segment.track === 'first' && segment.began_at === begin + 100
        ? makeSegment(begin, { error: 'unreadable', duration: 0 })
        : segment,
    );
    await open({ segments });
    await goTo(begin + 9_800);
    await shows('second', begin);
    await vi.waitFor(() => expect(gapOf('first')?.dataset.reason).toBe('unreadable'));
    await mounted.press('replay-play');
    await shows('first', begin + 10_000);
  });

  it('where nobody consented says so, and shows snapshots and clips as ever', async () => {
    await open({ rule: { ...ALL, consent: false }, segments: [] });
    await goTo(T0 + 3_000);
    await vi.waitFor(() => expect(gapOf('first')?.dataset.reason).toBe('not_consented'));
    await vi.waitFor(() => expect(view('first').dataset.capture).toBeDefined());
    expect(mounted.get('replay-sound-status').textContent).toContain('正在播放');
  });
});

describe('a sitting without recordings', () => {
  it('asks for none', async () => {
    const stub = await open({ rule: { tracks: [], consent: null } });
    await goTo(T0 + 3_000);
    await vi.waitFor(() => expect(view('first').dataset.capture).toBeDefined());
    expect(stub.sent.filter(({ path }) => path.includes('/recordings/'))).toHaveLength(0);
    expect(mounted.find('cut')).toBeNull();
    expect(mounted.root.querySelectorAll('video')).toHaveLength(0);
  });
});

describe('a cut', () => {
  it('is marked by keys and buttons, and shown on the line of time', async () => {
    await open();
    await goTo(T0 + MINUTE);
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'i', cancelable: true }));
    await goTo(T0 + 6 * MINUTE);
    await mounted.press('cut-end');
    expect(mounted.get('cut-range').textContent).toContain('共 5:00');
    mounted.get('cut-span');
    await mounted.press('cut-clear');
    expect(mounted.find('cut-span')).toBeNull();
  });

  it('is kept as evidence in pieces of two minutes, with a reason', async () => {
    const stub = await open();
    await goTo(T0 + MINUTE);
    await mounted.press('cut-begin');
    await goTo(T0 + 6 * MINUTE);
    await mounted.press('cut-end');
    await mounted.press('cut-keep');
    expect((await mounted.appears('keep-pieces')).textContent).toContain('3');
    await mounted.fill('reason', '有人进入房间');
    const form = mounted.get('keep-range');
    form.dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(mounted.get('keep-status').textContent).toContain('3 份'));
    const sent = stub.sentTo(`${PATH}/evidence/recording`).map(({ body }) => body);
    expect(sent).toHaveLength(3);
    expect(sent[0]).toMatchObject({
      began_at: T0 + MINUTE,
      ended_at: T0 + 3 * MINUTE,
      reason: '有人进入房间',
    });
    expect(sent[2]).toMatchObject({ began_at: T0 + 5 * MINUTE, ended_at: T0 + 6 * MINUTE });
  });
});
