import { expect, it } from 'vitest';
import type { Checks, Session } from '../../shared/api/types';
import { buildReport } from './report';
import { windowStatus } from '../check-in/examWindows';

const session = (changes: object) =>
  ({
    identity: { status: 'verified' },
    subject: { second_view: 'required' },
    second_view_joined_at: 1,
    receipt: { answered: 2 },
    ...changes,
  }) as unknown as Session;
const checks = (outcomes: string[], missing: string[] = []) =>
  ({ results: outcomes.map((outcome) => ({ outcome })), missing }) as unknown as Checks;

it('calls ready only what was really done', () => {
  const all = buildReport(session({}), checks(['pass', 'pass']));
  expect(new Set(Object.values(all))).toEqual(new Set(['pass']));
  const none = buildReport(
    session({ identity: { status: 'pending' }, second_view_joined_at: null, receipt: null }),
    checks(['pass', 'warn'], ['camera']),
  );
  expect(none).toEqual({
    checks: 'fail',
    photo: 'warn',
    second: 'fail',
    answers: 'warn',
    receipt: 'fail',
  });
  const optional = session({ subject: { second_view: 'optional' }, second_view_joined_at: null });
  expect(buildReport(optional, checks(['warn']))).toMatchObject({ checks: 'warn', second: 'warn' });
  expect(buildReport(optional, null).checks).toBe('warn');
});

it('knows how a window stands', () => {
  const window = { opens_at: 10, starts_at: 20, ends_at: 30 };
  expect([9, 10, 29, 30].map((now) => windowStatus(window, now))).toEqual([
    'coming',
    'open',
    'open',
    'over',
  ]);
});
