"""The lock: what a page reports of being left, counted, flagged and followed up by the rule."""

from dataclasses import dataclass, replace

from chalicelib.domain.monitoring.flags import FlagUpdate
from chalicelib.domain.monitoring.monitor_state import (
    Flag,
    MonitorState,
    next_version,
    open_flag,
    with_flags,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.page_exits import (
    ExitConsequence,
    ExitOutcome,
    PageExitReport,
    apply_report,
    escalate,
    exit_moment,
)
from chalicelib.domain.sessions.session_clock import pause
from chalicelib.domain.sessions.sessions import Session, Transition, terminate, with_audit
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Millis, SittingKind, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.session_access import get_subject
from chalicelib.services.monitoring.observations import end_monitoring, flag_records
from chalicelib.services.ports import AppContext

PAUSED_FOR, ENDED_FOR = "left_too_often", "left_beyond_limit"
"""Reasons of the rule, which the pages put into their reader's language."""


@dataclass(frozen=True, slots=True)
class PageExitEvent:
    """A report that was taken in, and when what it tells of happened."""

    report: PageExitReport
    outcome: ExitOutcome
    at: Millis
    now: Millis


def report_page_exit(context: AppContext, session_id: str, report: PageExitReport) -> None:
    """Take in that the page was left, or is back; a repeat changes nothing.

    Counted while answering only. A trial sitting counts, but nothing follows from it; nor does
    anything for a candidate whom an accommodation excuses. Raises NotFound, WrongState.
    """
    now = context.clock()
    if (
        retry_on_conflict(lambda: _apply_report(context, session_id, report, now))
        is State.TERMINATED
    ):
        end_monitoring(context, session_id)


def _apply_report(
    context: AppContext, session_id: str, report: PageExitReport, now: Millis
) -> State:
    bundle = context.sessions.bundle(session_id)
    session = bundle.session
    rule = get_subject(context, session).lock
    counted = session.state is State.ANSWERING
    if not rule.on or not (counted or (session.state is State.PAUSED and not report.away)):
        return session.state
    outcome = apply_report(session.exits, report, rule)
    if outcome is None:
        return session.state
    event = PageExitEvent(report, outcome, exit_moment(report, session.started_at or now, now), now)
    flags = _flags(bundle.monitor, event) if _is_counted(session) else ()
    changes = _changes(session, event)
    update = FlagUpdate(next_version(with_flags(bundle.monitor, flags)), flags)
    context.sessions.commit(*flag_records(bundle, update, now, changes))
    return changes[-1].session.state


def _is_counted(session: Session) -> bool:
    """Tell whether leaving has consequences: not in a trial, nor where it is excused."""
    return session.kind is SittingKind.OFFICIAL and FindingKind.LEFT_PAGE not in session.excused


def _changes(session: Session, event: PageExitEvent) -> tuple[Transition, ...]:
    report, outcome = event.report, event.outcome
    noted = with_audit(
        replace(session, exits=outcome.exits),
        event.now,
        "candidate",
        "left_page" if report.away else "came_back",
        why=report.signal,
        count=outcome.exits.count,
        happened_at=event.at,
    )
    if not _is_counted(session):
        calm = replace(noted.session, exits=replace(outcome.exits, over=False))
        return (Transition(calm, noted.entry),)
    match outcome.consequence:
        case ExitConsequence.PAUSE:
            return noted, pause(noted.session, event.now, "system", PAUSED_FOR)
        case ExitConsequence.END:
            return noted, terminate(noted.session, event.now, "system", ENDED_FOR)
        case _:
            return (noted,)


def _flags(monitor: MonitorState, event: PageExitEvent) -> tuple[Flag, ...]:
    """Return the flags that change: the open one closes, and a new leave opens its own."""
    before = open_flag(monitor, FindingKind.LEFT_PAGE, View.FIRST)
    changed = (_closed(before, event.at),) if before else ()
    return (*changed, _opened(monitor, event)) if event.report.away else changed


def _closed(flag: Flag, at: Millis) -> Flag:
    ended_at = max(at, flag.began_at)
    severity = escalate(flag.severity, ended_at - flag.began_at)
    return replace(flag, ended_at=ended_at, last_seen_at=ended_at, severity=severity)


def _opened(monitor: MonitorState, event: PageExitEvent) -> Flag:
    return Flag(
        # The number keeps two leaves of one moment apart.
        flag_id=f"{event.at:013d}-{View.FIRST}-{FindingKind.LEFT_PAGE}-{event.report.sequence}",
        session_id=monitor.session_id,
        room_id=monitor.room_id,
        kind=FindingKind.LEFT_PAGE,
        view=View.FIRST,
        severity=event.outcome.severity,
        began_at=event.at,
        opened_at=event.now,
        last_seen_at=event.at,
        score=1.0,
        exit_signal=event.report.signal,
    )
