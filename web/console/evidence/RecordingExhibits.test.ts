// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { Evidence, Track } from '../../shared/api/types';
import { createStubApi } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { T0 } from '../tests/factories';
import { mountInConsole } from '../tests/mountInConsole';
import EvidencePanel from './EvidencePanel.vue';

const exhibit = (track: Track, index: number): Evidence['exhibits'][number] => ({
  place: 'moment',
  at: T0 + index * 10_000,
  url: `https://evidence.test/${track}-${index}.webm`,
  sha256: `${track}${index}`.padEnd(64, '0'),
  size: 500_000,
  content_type: 'video/webm',
  capture_id: `${T0 + index * 10_000}-00000000`,
  judged_sha256: `${track}${index}`.padEnd(64, '0'),
  replaced: false,
  track,
});
const piece: Evidence = {
  evidence_id: 'e1',
  session_id: 's1',
  version: 1,
  view: 'first',
  medium: 'picture',
  source: 'recording',
  at: T0,
  taken_by: 'proctor:wang',
  taken_at: T0,
  note: '有人进入房间',
  exhibits: [exhibit('first', 1), exhibit('first', 0), exhibit('second', 0)],
};

let mounted: MountedComponent;
afterEach(() => {
  mounted.unmount();
  vi.restoreAllMocks();
});
const video = () => {
  const found = mounted.root.querySelector('video');
  if (!found) throw new Error('no video');
  return found;
};

describe('a kept recording', () => {
  it('plays its segments one after the other, a track at a time', async () => {
    const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
    const props = { sessionId: 's1', evidence: [piece] };
    mounted = mountInConsole(EvidencePanel, createStubApi(), props);
    expect(mounted.root.querySelector('img')).toBeNull();
    expect(mounted.get('evidence-item').textContent).toContain('有人进入房间');
    expect(video().src).toContain('first-0');
    video().dispatchEvent(new Event('ended'));
    await nextTick();
    expect(video().src).toContain('first-1');
    video().dispatchEvent(new Event('loadeddata'));
    expect(play).toHaveBeenCalledOnce();
    expect(mounted.get('evidence-segment').textContent).toMatch(/2 \/ 2/);
    await mounted.fill('evidence-track', 'second');
    expect(video().src).toContain('second-0');
    expect(mounted.get('evidence-segment').textContent).toMatch(/1 \/ 1/);
  });
});
