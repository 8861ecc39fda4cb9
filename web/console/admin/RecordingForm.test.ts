// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ExamSetup, SubjectSetup } from '../../shared/api/types';
import { createStubApi } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { mountInConsole } from '../tests/mountInConsole';
import RecordingForm from './RecordingForm.vue';
import { uploadKilobits } from './recordingRule';

const setup = {
  exam_id: 'e1',
  version: 3,
  retention: { snapshots: 30, clips: 30, identity: 30, evidence: 365, recordings: 14 },
} as ExamSetup;
const subject = {
  subject_id: 'a',
  recording: {
    first: 'none',
    second: 'none',
    screen: 'none',
    quality: 'standard',
    second_speech: false,
    compare_voices: false,
  },
  recording_costs: [] as SubjectSetup['recording_costs'],
} as SubjectSetup;

let mounted: MountedComponent;
afterEach(() => mounted.unmount());
const means = () => mounted.get('record-means').textContent;

describe('what a subject records', () => {
  it('is saved by track, with the quality', async () => {
    const stub = createStubApi();
    const changed = vi.fn();
    mounted = mountInConsole(RecordingForm, stub, { setup, subject, onChanged: changed });
    expect(means()).toContain('什么都不录');
    await mounted.fill('record-first', 'all');
    await mounted.fill('record-screen', 'flags');
    await mounted.fill('record-quality', 'high');
    mounted.get('recording-form').dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(stub.sent).toEqual([
      {
        method: 'PUT',
        path: '/admin/exams/e1/subjects/a/recording',
        body: {
          version: 3,
          recording: {
            first: 'all',
            second: 'none',
            screen: 'flags',
            quality: 'high',
            second_speech: false,
            compare_voices: false,
          },
        },
      },
    ]);
  });

  it('is said in sentences: tracks, screen, line and days', async () => {
    mounted = mountInConsole(RecordingForm, createStubApi(), { setup, subject });
    await mounted.fill('record-first', 'all');
    await mounted.fill('record-second', 'all');
    expect(means()).toContain('第一视角和第二视角的摄像头和麦克风会录下来，整场留下');
    expect(means()).toContain('864');
    expect(means()).toContain('14 天');
    await mounted.fill('record-screen', 'all');
    expect(means()).toContain('共享整个屏幕');
  });

  it('asks for the phone’s speech only where the phone is recorded', async () => {
    const stub = createStubApi();
    const changed = vi.fn();
    mounted = mountInConsole(RecordingForm, stub, { setup, subject, onChanged: changed });
    const box = mounted.get('record-phone-speech') as HTMLInputElement;
    expect(box.disabled).toBe(true);
    await mounted.fill('record-first', 'all');
    expect(means()).toContain('程序在第一视角录下的声音里查找人声');
    await mounted.fill('record-second', 'all');
    expect(box.disabled).toBe(false);
    box.click();
    await vi.waitFor(() => expect(means()).toContain('程序在第一视角和第二视角录下的声音里'));
    mounted.get('recording-form').dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(stub.sent[0]?.body).toMatchObject({ recording: { second_speech: true } });
    await mounted.fill('record-second', 'none');
    expect(box.checked).toBe(false);
  });

  it('compares voices only where the first view is recorded', async () => {
    const stub = createStubApi();
    const changed = vi.fn();
    mounted = mountInConsole(RecordingForm, stub, { setup, subject, onChanged: changed });
    const box = mounted.get('record-voices') as HTMLInputElement;
    expect(box.disabled).toBe(true);
    await mounted.fill('record-first', 'all');
    box.click();
    await vi.waitFor(() => expect(means()).toContain('声音样本'));
    mounted.get('recording-form').dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(stub.sent[0]?.body).toMatchObject({ recording: { compare_voices: true } });
    await mounted.fill('record-first', 'none');
    expect(box.checked).toBe(false);
  });

  it('shows what it costs where the API knows', () => {
    const recording_costs = [
      { item: 'storage', dollars_per_candidate_hour: 0.01 },
      { item: 'something_new', dollars_per_candidate_hour: 0.0025 },
    ];
    mounted = mountInConsole(RecordingForm, createStubApi(), {
      setup,
      subject: { ...subject, recording_costs },
    });
    const text = mounted.get('record-costs').textContent;
    expect(text).toMatch(/保存.*0\.0100.*something_new.*0\.0025.*合计.*0\.0125/s);
  });
});

describe('the line that recordings need', () => {
  it('is the sum of what is recorded', () => {
    const rule = {
      first: 'all',
      second: 'none',
      screen: 'all',
      quality: 'low',
      second_speech: false,
      compare_voices: false,
    } as const;
    expect(uploadKilobits(rule)).toBe(382);
    expect(uploadKilobits({ ...rule, first: 'none', screen: 'none' })).toBe(0);
  });
});
