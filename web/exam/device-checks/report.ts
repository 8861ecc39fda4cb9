import type { Checks, Session } from '../../shared/api/types';

export const REPORT_PARTS = ['checks', 'photo', 'second', 'answers', 'receipt'] as const;
export type ReportPart = (typeof REPORT_PARTS)[number];
type ReportStatus = 'pass' | 'warn' | 'fail';

/** What a trial proved: only what was really done in it passes. */
export function buildReport(
  session: Session,
  checks: Checks | null,
): Record<ReportPart, ReportStatus> {
  const joined = typeof session.second_view_joined_at === 'number';
  return {
    checks: checksStatus(checks),
    photo: session.identity.status === 'verified' ? 'pass' : 'warn',
    second: joined ? 'pass' : session.subject.second_view === 'required' ? 'fail' : 'warn',
    answers: (session.receipt?.answered ?? 0) > 0 ? 'pass' : 'warn',
    receipt: session.receipt ? 'pass' : 'fail',
  };
}

function checksStatus(checks: Checks | null): ReportStatus {
  if (!checks) return 'warn';
  const outcomes = checks.results.map((result) => result.outcome);
  if (checks.missing.length > 0 || outcomes.includes('fail')) return 'fail';
  return outcomes.includes('warn') ? 'warn' : 'pass';
}
