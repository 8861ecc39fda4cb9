// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ExamSetup } from '../../shared/api/types';
import { createStubApi } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { mountInConsole } from '../tests/mountInConsole';
import RetentionForm from './RetentionForm.vue';

const setup = {
  exam_id: 'e1',
  version: 3,
  retention: { snapshots: 30, clips: 30, identity: 30, evidence: 365, recordings: 30 },
  retention_limit: { snapshots: 180, clips: 180, identity: 180, evidence: 365, recordings: 180 },
} as ExamSetup;

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

describe('how long things are kept', () => {
  it('is saved by kind, within what the stage allows', async () => {
    const stub = createStubApi();
    const changed = vi.fn();
    mounted = mountInConsole(RetentionForm, stub, { setup, onChanged: changed });
    expect(mounted.get('retention-snapshots').getAttribute('max')).toBe('180');
    await mounted.fill('retention-clips', '7');
    mounted.get('retention-form').dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(stub.sent).toEqual([
      {
        method: 'PUT',
        path: '/admin/exams/e1/retention',
        body: {
          version: 3,
          retention: { snapshots: 30, clips: 7, identity: 30, evidence: 365, recordings: 30 },
        },
      },
    ]);
  });
});
