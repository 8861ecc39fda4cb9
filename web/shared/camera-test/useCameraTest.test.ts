import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, shallowRef, type EffectScope } from 'vue';
import type { CameraTest, Upload } from '../api/types';
import { useCameraTest } from './useCameraTest';

const FORM: Upload = {
  capture_id: 'c2',
  content_type: 'image/jpeg',
  fields: {},
  largest: 100,
  url: 'https://media.test/',
};

function shot(id: string, seenAt: number | null): CameraTest {
  return {
    asked_at: 1,
    capture_id: id,
    faces: 1,
    fine: seenAt !== null,
    hints: [],
    light: 90,
    persons: 1,
    problems: [],
    seen_at: seenAt,
    view: 'first',
  };
}

describe('a test shot', () => {
  let scope: EffectScope;
  const newest = shallowRef<CameraTest | null>(null);
  let picture: Blob | null;

  function mountCameraTest() {
    scope = effectScope();
    const cameraTest = scope.run(() =>
      useCameraTest({
        latest: () => newest.value,
        takePicture: () => Promise.resolve(picture),
        requestUpload: () => Promise.resolve(FORM),
        refresh: () => Promise.resolve(),
      }),
    );
    if (!cameraTest) throw new Error('no scope');
    return cameraTest;
  }

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('fetch', () => Promise.resolve(new Response()));
    newest.value = shot('c1', 5);
    picture = new Blob(['x']);
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('shows its own result, never an older one', async () => {
    const { run, step, result } = mountCameraTest();
    expect(result.value?.capture_id).toBe('c1');
    await run();
    expect([step.value, result.value]).toEqual(['looking', null]);
    newest.value = shot('c2', null);
    expect(step.value).toBe('looking');
    newest.value = shot('c2', 9);
    expect([step.value, result.value?.capture_id]).toEqual(['ready', 'c2']);
  });

  it('may be taken again when the models are slow', async () => {
    const { run, step, slow } = mountCameraTest();
    await run();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([step.value, slow.value]).toEqual(['ready', true]);
  });

  it('waits by itself until the server takes another', async () => {
    const { run, step } = mountCameraTest();
    await run();
    newest.value = shot('c2', 9);
    const again = run();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(step.value).toBe('sending');
    await vi.advanceTimersByTimeAsync(100);
    await again;
    expect(step.value).toBe('ready');
  });

  it('says why there is none', async () => {
    const { run, failed } = mountCameraTest();
    picture = null;
    await run();
    expect(failed.value).toBe('noPicture');
    picture = new Blob(['x'.repeat(101)]);
    await run();
    expect(failed.value).toBe('notSent');
  });
});
