import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  examZone,
  formatClock,
  formatCountdown,
  formatElapsed,
  formatMoment,
  formatRange,
  formatSeconds,
  formatStamp,
  formatWithZone,
  fromWallTime,
  setDeploymentTimeZone,
  setExamTimeZone,
  toWallTime,
} from './time';

it.each([
  [0, '00:00'],
  [-5_000, '00:00'],
  [1, '00:01'],
  [59_999, '01:00'],
  [61_000, '01:01'],
  [3_600_000, '1:00:00'],
  [5_399_000, '1:29:59'],
])('counts down %i ms as %s', (ms, text) => {
  expect(formatCountdown(ms)).toBe(text);
});

it.each([
  [-5, '0:00'],
  [0, '0:00'],
  [59_999, '0:59'],
  [61_000, '1:01'],
  [3_600_000, '1:00:00'],
  [36_061_000, '10:01:01'],
])('shows %i ms that have passed as %s', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

describe('a time is read with its zone', () => {
  /** 2026-11-30 16:10:07 in China. */
  const AT = Date.UTC(2026, 10, 30, 8, 10, 7);
  const LATER = AT + 2 * 3_600_000;
  afterEach(() => {
    vi.unstubAllEnvs();
    setDeploymentTimeZone();
  });
  const all = (locale: string) => [
    formatMoment(AT, locale),
    formatRange(AT, LATER, locale).replace(/(?<=\d)\s*[–-]\s*(?=\d)/, '–'),
    formatClock(AT, locale),
    formatSeconds(AT, locale),
    formatStamp(AT, locale),
  ];

  it.each(['Asia/Shanghai', 'Asia/Chongqing', 'Asia/Singapore'])(
    'is not said where this computer’s clock shows the same: %s',
    (zone) => {
      vi.stubEnv('TZ', zone);
      expect(all('zh-CN')).toEqual([
        '11月30日 16:10',
        '11/30 16:10–18:10',
        '16:10',
        '16:10:07',
        '2026/11/30 16:10:07',
      ]);
      expect(examZone(AT, 'zh-CN')).toBe('');
    },
  );

  it.each(['Asia/Urumqi', 'America/New_York', 'Asia/Kathmandu', 'Europe/London', 'UTC'])(
    'is the exam’s, and said, in %s',
    (zone) => {
      vi.stubEnv('TZ', zone);
      expect(formatMoment(AT, 'zh-CN')).toBe('11月30日 16:10（GMT+8）');
      expect(formatStamp(AT, 'zh-CN')).toBe('2026/11/30 16:10:07（GMT+8）');
      for (const text of all('zh-CN')) expect(text).toContain('（GMT+8）');
      for (const text of all('en')) expect(text).toContain(' (GMT+8)');
      expect(examZone(AT, 'zh-CN')).toBe('（GMT+8）');
    },
  );

  it.each([
    ['Asia/Urumqi', '14:10（GMT+6）'],
    ['America/New_York', '03:10（GMT-5）'],
    ['Asia/Kathmandu', '13:55（GMT+5:45）'],
    ['Europe/London', '08:10（GMT+0）'],
  ])('is that of an exam in %s', (zone, text) => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    setExamTimeZone(zone);
    expect(formatClock(AT, 'zh-CN')).toBe(text);
    expect(toWallTime(AT)).toBe(`2026-11-30T${text.slice(0, 5)}`);
    expect(fromWallTime(toWallTime(AT))).toBe(AT - (AT % 60_000));
  });

  it('is that of the moment, not of today', () => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    setExamTimeZone('America/New_York');
    expect(formatClock(Date.UTC(2026, 6, 1, 8), 'en')).toBe('04:00 (GMT-4)');
    expect(formatClock(Date.UTC(2026, 11, 1, 8), 'en')).toBe('03:00 (GMT-5)');
    expect(fromWallTime('2026-07-01T04:00')).toBe(Date.UTC(2026, 6, 1, 8));
    expect(fromWallTime('2026-12-01T03:00')).toBe(Date.UTC(2026, 11, 1, 8));
    expect(fromWallTime('')).toBeNaN();
  });

  it('stays where a browser does not know a new one', () => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    setExamTimeZone('Asia/Urumqi');
    setExamTimeZone('Mars/Olympus');
    expect(formatClock(AT, 'zh-CN')).toBe('16:10'); // the deployment's
  });

  it('is the deployment’s where the exam names none', () => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    setDeploymentTimeZone('Asia/Urumqi');
    expect(examZone(AT, 'en')).toBe(' (GMT+6)');
    setExamTimeZone('Asia/Shanghai');
    expect(formatClock(AT, 'zh-CN')).toBe('16:10');
    setExamTimeZone('');
    expect(formatClock(AT, 'zh-CN')).toBe('14:10（GMT+6）');
  });

  it('is always said where it is read elsewhere', () => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    expect(formatWithZone(AT, 'zh-CN')).toBe('2026年11月30日 16:10:07（GMT+8）');
    expect(formatWithZone(AT, 'en')).toMatch(/^November 30, 2026 at 16:10:07 \(GMT\+8\)$/);
  });

  it('has no hour 24', () => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    expect(formatSeconds(Date.UTC(2026, 10, 29, 16), 'en')).toBe('00:00:00');
  });
});
