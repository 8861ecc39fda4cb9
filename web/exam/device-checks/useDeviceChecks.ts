import { computed, onScopeDispose, reactive, shallowRef, watch } from 'vue';
import type { CheckName, Measure } from '../../shared/api/types';
import { sleep, within } from '../../shared/backoff';
import type { MediaDeviceRef } from '../../shared/media/mediaDeviceRef';
import { useTask } from '../../shared/task';
import { useCameraTest } from '../../shared/camera-test/useCameraTest';
import { useExamSession } from '../session/session';
import { useCapture } from '../capture/useCapture';
import { useCheckIn } from '../check-in/useCheckIn';
import {
  browser,
  clock,
  power,
  screens,
  storage,
  system,
  type Measurement,
} from './probes/computer';
import { placementMeasurement } from './probes/cameraPlacement';
import { measureDownload, measureLatency, measureUpload } from './probes/bandwidth';
import { probeReachability } from './probes/webrtc';
import { createMeter, type Meter } from './probes/sound';

/** The person answers these; everything else is measured. */
export const SELF_REPORTED: ReadonlySet<CheckName> = new Set(['speaker', 'headphones']);

const DEVICE_MS = 20_000;
const LISTEN_MS = 3_000;
const METER_MS = 100;
/** Whatever a check waits for, the person is not kept waiting longer: it is unknown then. */
const PROBE_MS = 120_000;

/** Runs the checks while a screen shows them; camera and microphone are on for as long. */
export function useDeviceChecks() {
  const exam = useExamSession();
  const capture = useCapture();
  const { camera, microphone } = capture;
  const checkIn = useCheckIn();
  const running = reactive(new Set<CheckName>());
  const level = shallowRef(0);
  const allTask = useTask();
  let meter: Meter | null = null;
  const cameraTest = useCameraTest({
    latest: () => exam.session.value?.test_shot,
    takePicture: () => capture.takePortrait(),
    requestUpload: async () =>
      (await exam.api.request((client) => client.POST('/candidate/test-shot'))).upload,
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
  const meterTimer = setInterval(() => (level.value = meter?.level() ?? 0), METER_MS);
  onScopeDispose(() => {
    clearInterval(meterTimer);
    meter?.close();
    camera.device.stop();
    microphone.device.stop();
  });

  const transfer = () => exam.api.request((client) => client.POST('/candidate/checks/transfer'));
  const path = { exam_id: exam.config.exam_id };
  const ping = () =>
    exam.api.request((client) => client.GET('/exams/{exam_id}', { params: { path } }));

  const PROBES: Record<Exclude<CheckName, 'speaker' | 'headphones'>, () => Promise<Measurement>> = {
    system: () => system(),
    browser,
    screens,
    storage,
    clock: () => clock(exam.clock),
    allowed: async () => ({
      value: (await permissionGranted(camera)) + (await permissionGranted(microphone)),
    }),
    camera: async () =>
      (await waitUntilLive(camera)) ? cameraResolution(camera) : { value: null },
    power,
    latency: () => measureLatency(ping),
    upload: async () => measureUpload((await transfer()).upload),
    download: async () => {
      const { upload: form, download_url: url } = await transfer();
      // What was sent before is read again; alone, this check first sends it.
      if (running.size === 1) await measureUpload(form);
      return measureDownload(url);
    },
    reach: async () =>
      probeReachability(await exam.api.request((client) => client.GET('/live/ice'))),
    microphone: async () => ((await waitUntilLive(microphone)) ? peakLevel() : { value: null }),
    framing: async () => ((await waitUntilLive(camera)) ? cameraPlacement() : { value: null }),
  };

  /** The loudest moment of some seconds. */
  async function peakLevel(): Promise<Measurement> {
    let peak = 0;
    for (let waited = 0; waited < LISTEN_MS; waited += METER_MS) {
      await sleep(METER_MS);
      peak = Math.max(peak, level.value);
    }
    return { value: peak };
  }

  /** A test picture, judged by the models. */
  async function cameraPlacement(): Promise<Measurement> {
    await cameraTest.run();
    await waitUntil(() => cameraTest.step.value === 'ready');
    return placementMeasurement(cameraTest.result.value);
  }

  /** Measure one thing and report it; what cannot be measured is reported as unknown. */
  async function run(check: CheckName): Promise<void> {
    if (running.has(check) || check === 'speaker' || check === 'headphones') return;
    running.add(check);
    try {
      const measured = await within(PROBES[check](), PROBE_MS).catch(() => undefined);
      await checkIn.report(measure(check, measured?.value ?? null, measured?.note));
    } finally {
      running.delete(check);
    }
  }

  /** Everything that is asked, the quick things together, the line alone so that it is measured rightly. */
  function runAll(): Promise<boolean> {
    return allTask.run(async () => {
      const requiredChecks = new Set(checkIn.checks.value?.rules.map((rule) => rule.check));
      const onlyRequired = (checks: CheckName[]) =>
        checks.filter((check) => requiredChecks.has(check));
      await Promise.all(onlyRequired(QUICK).map(run));
      for (const check of onlyRequired(NETWORK)) await run(check);
      await Promise.all(onlyRequired(SLOW).map(run));
    });
  }

  const answer = (check: CheckName, value: number) => checkIn.report(measure(check, value));
  const busy = computed(() => running.size > 0 || allTask.busy.value);
  return { camera, microphone, level, running, busy, run, runAll, answer, error: allTask.error };
}

const QUICK: CheckName[] = [
  'system', 'browser', 'screens', 'storage', 'clock', 'allowed', 'camera', 'power',
]; // prettier-ignore
const NETWORK: CheckName[] = ['latency', 'upload', 'download'];
const SLOW: CheckName[] = ['reach', 'microphone', 'framing'];

function measure(check: CheckName, value: number | null, note = ''): Measure {
  return { check, value, note: note.slice(0, 120) };
}

/** Wait until a device works or surely does not; the person may still be asked for permission. */
function waitUntilLive(media: MediaDeviceRef): Promise<boolean> {
  return new Promise((resolve) => {
    const timeout = setTimeout(() => finish(false), DEVICE_MS);
    const stop = watch(
      media.state,
      (state) => {
        if (state === 'live') finish(true);
        else if (state !== 'asking' && state !== 'off') finish(false);
      },
      { immediate: true, flush: 'post' },
    );
    function finish(works: boolean) {
      clearTimeout(timeout);
      // The watch may not have been returned yet: it is stopped once it was.
      queueMicrotask(() => stop());
      resolve(works);
    }
  });
}

/** Wait for something reactive. */
function waitUntil(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      condition,
      (now) => {
        if (!now) return;
        queueMicrotask(() => stop());
        resolve();
      },
      { immediate: true },
    );
  });
}

async function permissionGranted(media: MediaDeviceRef): Promise<number> {
  if (await waitUntilLive(media)) return 1;
  return media.state.value === 'denied' || media.state.value === 'asking' ? 0 : 1;
}

function cameraResolution({ stream }: MediaDeviceRef): Measurement {
  const track = stream.value?.getVideoTracks()[0];
  const { width, height } = track?.getSettings() ?? {};
  return { value: width ?? null, note: width && height ? `${width} × ${height}` : '' };
}
