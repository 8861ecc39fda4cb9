// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEntry, SessionRecording } from '../../shared/api/types';
import { createStubApi } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { makeAuditEntry, makeSeat, T0 } from '../tests/factories';
import { mountInConsole } from '../tests/mountInConsole';
import CandidateRecording from './CandidateRecording.vue';

const tracks: SessionRecording['tracks'] = [
  { track: 'first', mode: 'all' },
  { track: 'second', mode: 'flags' },
  { track: 'screen', mode: 'all' },
];

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

function show(recording: SessionRecording, audit: AuditEntry[] = [], joinedAt: number | null = T0) {
  const seat = makeSeat('s1', { session: { recording, second_view_joined_at: joinedAt } });
  mounted = mountInConsole(CandidateRecording, createStubApi(), { seat, audit });
  return mounted.root.textContent;
}
const obstacleOf = (track: string) =>
  mounted.root.querySelector<HTMLElement>(`[data-track="${track}"]`)?.dataset.obstacle;

describe('what is recorded of a candidate', () => {
  it('is said by track', () => {
    const text = show({ tracks, consent: true });
    expect(text).toMatch(/第一视角\s+全部录制.*第二视角\s+只录标记前后.*屏幕\s+全部录制/s);
    expect(obstacleOf('screen')).toBeUndefined();
  });

  it('is nothing where the rule records nothing, and that is not said', () => {
    expect(show({ tracks: [], consent: null })).toBe('');
  });

  it('is nothing where consent was refused, and that is', () => {
    expect(show({ tracks, consent: false })).toContain('没有同意');
    expect(mounted.find('recording-track')).toBeNull();
  });

  it('waits for the consent', () => {
    expect(show({ tracks, consent: null })).toContain('尚未回答');
  });

  it('lacks what is not there: the phone, the screen', () => {
    const stopped = makeAuditEntry(T0, 'screen_status', { status: 'stopped' });
    show({ tracks, consent: true }, [stopped], null);
    expect(obstacleOf('second')).toBe('not_joined');
    expect(obstacleOf('screen')).toBe('stopped');
    mounted.unmount();
    const shared = makeAuditEntry(T0 + 1, 'screen_status', { status: 'shared' });
    show({ tracks, consent: true }, [stopped, shared]);
    expect(obstacleOf('screen')).toBeUndefined();
  });
});
