import { computed, onScopeDispose, reactive, shallowRef, watch } from 'vue';
import type { CheckName, Measure } from '../../shared/api/types';
import { sleep } from '../../shared/backoff';
import type { Seen } from '../../shared/media/mediaDeviceRef';
import { useTask } from '../../shared/task';
import { useTestShot } from '../../shared/camera-test/useCameraTest';
import { useExamSession } from '../session/session';
import { useWatch } from '../capture/useCapture';
import { useEntrance } from '../check-in/useCheckIn';
import { browser, clock, power, screens, storage, system, type Measured } from './probes/computer';
import { worthOf } from './probes/cameraPlacement';
import { down, latency, up } from './probes/bandwidth';
import { reach } from './probes/webrtc';
import { createMeter, type Meter } from './probes/sound';

/** The person answers these; everything else is measured. */
export const ANSWERED: ReadonlySet<CheckName> = new Set(['speaker', 'headphones']);

const DEVICE_MS = 20_000;
const LISTEN_MS = 3_000;
const METER_MS = 100;

/** Runs the checks while a screen shows them; camera and microphone are on for as long. */
export function useChecks() {
  const exam = useExamSession();
  const eyes = useWatch();
  const { camera, microphone } = eyes;
  const entrance = useEntrance();
  const running = reactive(new Set<CheckName>());
  const level = shallowRef(0);
  const whole = useTask();
  let meter: Meter | null = null;
  const test = useTestShot({
    newest: () => exam.session.value?.test_shot,
    picture: () => eyes.portrait(),
    begin: async () => (await exam.api.ask((client) => client.POST('/candidate/test-shot'))).upload,
    refresh: exam.refresh,
  });

  camera.device.start();
  microphone.device.start();
  watch(
    microphone.stream,
    (stream) => {
      meter?.close();
      meter = stream ? createMeter(stream) : null;
    },
    { immediate: true },
  );
  const beat = setInterval(() => (level.value = meter?.level() ?? 0), METER_MS);
  onScopeDispose(() => {
    clearInterval(beat);
    meter?.close();
    camera.device.stop();
    microphone.device.stop();
  });

  const transfer = () => exam.api.ask((client) => client.POST('/candidate/checks/transfer'));
  const path = { exam_id: exam.config.exam_id };
  const ping = () => exam.api.ask((client) => client.GET('/exams/{exam_id}', { params: { path } }));

  const PROBES: Record<Exclude<CheckName, 'speaker' | 'headphones'>, () => Promise<Measured>> = {
    system: () => system(),
    browser,
    screens,
    storage,
    clock: () => clock(exam.clock),
    allowed: async () => ({ value: (await allowed(camera)) + (await allowed(microphone)) }),
    camera: async () => ((await live(camera)) ? pictureOf(camera) : { value: null }),
    power,
    latency: () => latency(ping),
    upload: async () => up((await transfer()).upload),
    download: async () => {
      const { upload: form, download_url: url } = await transfer();
      // What was sent before is read again; alone, this check first sends it.
      if (running.size === 1) await up(form);
      return down(url);
    },
    reach: async () => reach(await exam.api.ask((client) => client.GET('/live/ice'))),
    microphone: async () => ((await live(microphone)) ? loudest() : { value: null }),
    framing: async () => ((await live(camera)) ? framing() : { value: null }),
  };

  /** The loudest moment of some seconds. */
  async function loudest(): Promise<Measured> {
    let most = 0;
    for (let waited = 0; waited < LISTEN_MS; waited += METER_MS) {
      await sleep(METER_MS);
      most = Math.max(most, level.value);
    }
    return { value: most };
  }

  /** A test picture, judged by the models. */
  async function framing(): Promise<Measured> {
    await test.take();
    await until(() => test.step.value === 'ready');
    return worthOf(test.result.value);
  }

  /** Measure one thing and report it; what cannot be measured is reported as unknown. */
  async function run(check: CheckName): Promise<void> {
    if (running.has(check) || check === 'speaker' || check === 'headphones') return;
    running.add(check);
    try {
      const { value, note } = await PROBES[check]().catch(() => ({ value: null, note: '' }));
      await entrance.report(measure(check, value, note));
    } finally {
      running.delete(check);
    }
  }

  /** Everything that is asked, the quick things together, the line alone so that it is measured rightly. */
  function runAll(): Promise<boolean> {
    return whole.run(async () => {
      const asked = new Set(entrance.checks.value?.rules.map((rule) => rule.check));
      const those = (checks: CheckName[]) => checks.filter((check) => asked.has(check));
      await Promise.all(those(QUICK).map(run));
      for (const check of those(LINE)) await run(check);
      await Promise.all(those(SLOW).map(run));
    });
  }

  const answer = (check: CheckName, value: number) => entrance.report(measure(check, value));
  const busy = computed(() => running.size > 0 || whole.busy.value);
  return { camera, microphone, level, running, busy, run, runAll, answer, error: whole.error };
}

const QUICK: CheckName[] = [
  'system', 'browser', 'screens', 'storage', 'clock', 'allowed', 'camera', 'power',
]; // prettier-ignore
const LINE: CheckName[] = ['latency', 'upload', 'download'];
const SLOW: CheckName[] = ['reach', 'microphone', 'framing'];

function measure(check: CheckName, value: number | null, note = ''): Measure {
  return { check, value, note: note.slice(0, 120) };
}

/** Wait until a device works or surely does not; the person may still be asked for permission. */
function live(seen: Seen): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => finish(false), DEVICE_MS);
    const stop = watch(
      seen.state,
      (state) => {
        if (state === 'live') finish(true);
        else if (state !== 'asking' && state !== 'off') finish(false);
      },
      { immediate: true, flush: 'post' },
    );
    function finish(works: boolean) {
      clearTimeout(late);
      // The watch may not have been returned yet: it is stopped once it was.
      queueMicrotask(() => stop());
      resolve(works);
    }
  });
}

/** Wait for something reactive. */
function until(reached: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      reached,
      (now) => {
        if (!now) return;
        queueMicrotask(() => stop());
        resolve();
      },
      { immediate: true },
    );
  });
}

async function allowed(seen: Seen): Promise<number> {
  if (await live(seen)) return 1;
  return seen.state.value === 'denied' || seen.state.value === 'asking' ? 0 : 1;
}

function pictureOf({ stream }: Seen): Measured {
  const track = stream.value?.getVideoTracks()[0];
  const { width, height } = track?.getSettings() ?? {};
  return { value: width ?? null, note: width && height ? `${width} × ${height}` : '' };
}
