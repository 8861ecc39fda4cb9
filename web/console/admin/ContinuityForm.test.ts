// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ExamSetup, SubjectSetup } from '../../shared/api/types';
import { createStubApi, refusal } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { mountInConsole } from '../tests/mountInConsole';
import ContinuityForm from './ContinuityForm.vue';

const MINUTE = 60_000;
const PATH = '/admin/exams/e1/subjects/hr-2/continuity';
const subject = {
  subject_id: 'hr-2',
  duration: 120 * MINUTE,
  outages: {
    min_outage: 90_000,
    max_credit: 10 * MINUTE,
    max_percent: 20,
    beyond_window: false,
  },
  device_change: 'photo_check',
} as SubjectSetup;
const setup = { exam_id: 'e1', version: 3 } as ExamSetup;

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

function show(stub = createStubApi()) {
  const changed = vi.fn();
  mounted = mountInConsole(ContinuityForm, stub, { setup, subject, onChanged: changed });
  return { stub, changed };
}
const send = () =>
  mounted.get('continuity-form').dispatchEvent(new Event('submit', { cancelable: true }));

describe('continuity', () => {
  it('shows what is set, and saves it unchanged', async () => {
    const { stub, changed } = show();
    send();
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    const { outages, device_change } = subject;
    expect(stub.sent).toEqual([
      { method: 'PUT', path: PATH, body: { version: 3, outages, device_change } },
    ]);
    expect(mounted.get('saved').textContent).toContain('已保存');
  });

  it('saves the share, the bounds and who looks at another computer', async () => {
    const { stub } = show();
    await mounted.fill('outage-percent', '5');
    await mounted.fill('outage-seconds', '120');
    await mounted.press('outage-beyond');
    await mounted.press('device-change-proctor');
    send();
    await vi.waitFor(() => expect(stub.sent).toHaveLength(1));
    expect(stub.sent[0]?.body).toMatchObject({
      outages: { min_outage: 120_000, max_percent: 5, beyond_window: true },
      device_change: 'proctor',
    });
  });

  it('says what both bounds come to', async () => {
    show();
    expect(mounted.get('outage-most').textContent).toContain('最多补 10 分钟');
    await mounted.fill('outage-percent', '5');
    expect(mounted.get('outage-most').textContent).toContain('最多补 6 分钟');
    await mounted.fill('outage-percent', '0');
    expect(mounted.get('outage-most').textContent).toBe('断网不补时。');
  });

  it('shows why the API refuses it', async () => {
    const message = '补时占作答时长的比例应为 0 至 100%。';
    const { changed } = show(createStubApi({ [PATH]: [refusal(400, 'bad_input', message)] }));
    send();
    await vi.waitFor(() => expect(mounted.get('save-problem').textContent).toBe(message));
    expect(changed).not.toHaveBeenCalled();
  });
});
