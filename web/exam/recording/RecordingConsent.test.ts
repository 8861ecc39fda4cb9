// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { shallowRef } from 'vue';
import type { Session, Track } from '../../shared/api/types';
import { createStubApi } from '../../shared/tests/stubApi';
import { mountComponent, type MountedComponent } from '../../shared/tests/mountComponent';
import { EXAM_SESSION, type ExamSession } from '../session/session';
import { TEXTS } from '../texts';
import RecordingConsent from './RecordingConsent.vue';

const PATH = '/candidate/recording-consent';
const recorded = (heard: Track[], consent: boolean | null = null, voices = false) =>
  ({
    recording: {
      tracks: [
        { track: 'first', mode: 'all' },
        { track: 'second', mode: 'flags' },
      ],
      heard,
      voices,
      voice_sample: null,
      consent,
      quality: 'standard',
      days: 14,
    },
  }) as unknown as Session;

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

function show(session: Session, stub = createStubApi()) {
  const current = shallowRef<Session | null>(session);
  const exam = {
    session: current,
    async runStep(step) {
      current.value = await step(stub.api);
    },
  } as Pick<ExamSession, 'session' | 'runStep'>;
  mounted = mountComponent(RecordingConsent, { texts: TEXTS, provided: [[EXAM_SESSION, exam]] });
  return stub;
}

describe('consent to being recorded', () => {
  it('names whose sound is searched for speech, and that people judge it', () => {
    show(recorded(['first']));
    const text = mounted.get('recording-heard').textContent;
    expect(text).toContain('电脑麦克风');
    expect(text).not.toContain('手机麦克风');
    expect(text).toContain('由人判断');
  });

  it('names the phone where the subject asks for it', () => {
    show(recorded(['first', 'second']));
    expect(mounted.get('recording-heard').textContent).toContain('电脑麦克风、手机麦克风');
  });

  it('says nothing of speech where none is searched for', () => {
    show(recorded([]));
    expect(mounted.find('recording-heard')).toBeNull();
  });

  it('is answered once with what was read', async () => {
    const stub = show(recorded(['first']), createStubApi({ [PATH]: [recorded(['first'], true)] }));
    mounted.get('recording-agree').click();
    await vi.waitFor(() =>
      expect(mounted.get('recording-consent').getAttribute('data-consent')).toBe('true'),
    );
    expect(stub.sent).toEqual([{ method: 'POST', path: PATH, body: { agree: true } }]);
  });

  it('names the comparing of voices, and offers to read aloud once it is agreed to', async () => {
    show(
      recorded(['first'], null, true),
      createStubApi({ [PATH]: [recorded(['first'], true, true)] }),
    );
    expect(mounted.get('recording-voices').textContent).toContain('朗读自愿');
    expect(mounted.find('read-aloud')).toBeNull();
    mounted.get('recording-agree').click();
    await vi.waitFor(() => expect(mounted.get('read-aloud').dataset.step).toBe('offer'));
  });

  it('says where no microphone opens that reading is not needed', async () => {
    show(recorded(['first'], true, true));
    mounted.get('read-aloud-start').click();
    await vi.waitFor(() =>
      expect(mounted.get('read-aloud').textContent).toContain('也可以不读，直接继续'),
    );
  });

  it('helps while the browser asks for the microphone, and closes it where nothing was heard', async () => {
    const stop = vi.fn();
    const track = { stop };
    let allow: (stream: unknown) => void = () => undefined;
    const media = {
      getUserMedia: () => new Promise((resolve) => (allow = resolve)),
      addEventListener: vi.fn(),
      removeEventListener: vi.fn(),
    };
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: media });
    const stub = show(recorded(['first'], true, true));
    mounted.get('read-aloud-start').click();
    await vi.waitFor(() => expect(mounted.get('microphone-notice').dataset.device).toBe('asking'));
    expect(mounted.get('read-aloud').dataset.step).toBe('opening');
    allow({ getTracks: () => [track], getAudioTracks: () => [] });
    await vi.waitFor(() => expect(stop).toHaveBeenCalledOnce());
    await vi.waitFor(() => expect(mounted.get('read-aloud').textContent).toContain('没有录到声音'));
    expect(stub.sent).toEqual([]);
    Reflect.deleteProperty(navigator, 'mediaDevices');
  });
});
