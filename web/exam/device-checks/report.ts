import type { Checks, Session } from '../../shared/api/types';

export const REPORTED = ['checks', 'photo', 'second', 'answers', 'receipt'] as const;
export type Part = (typeof REPORTED)[number];
type Standing = 'pass' | 'warn' | 'fail';

/** What a trial proved: only what was really done in it passes. */
export function report(session: Session, checks: Checks | null): Record<Part, Standing> {
  const joined = typeof session.second_view_joined_at === 'number';
  return {
    checks: worst(checks),
    photo: session.identity.status === 'verified' ? 'pass' : 'warn',
    second: joined ? 'pass' : session.subject.second_view === 'required' ? 'fail' : 'warn',
    answers: (session.receipt?.answered ?? 0) > 0 ? 'pass' : 'warn',
    receipt: session.receipt ? 'pass' : 'fail',
  };
}

function worst(checks: Checks | null): Standing {
  if (!checks) return 'warn';
  const outcomes = checks.results.map((result) => result.outcome);
  if (checks.missing.length > 0 || outcomes.includes('fail')) return 'fail';
  return outcomes.includes('warn') ? 'warn' : 'pass';
}
