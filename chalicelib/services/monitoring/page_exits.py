"""Page exits: the exam page's reports are counted, flagged, and followed by the rule's consequence.

A report is judged by when its exit happened, not by when it arrives: one that a bad line, or
somebody's hand, held back until the pause or the end counts all the same.
"""

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
    LATE_REPORTS,
    ExitConsequence,
    ExitOutcome,
    PageExitReport,
    apply_report,
    escalate,
    exit_moment,
)
from chalicelib.domain.sessions.sealing import terminate
from chalicelib.domain.sessions.session_clock import pause
from chalicelib.domain.sessions.sessions import Session, Transition, with_audit
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import Millis, SittingKind, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.session_access import get_subject
from chalicelib.services.core.submission import finalize
from chalicelib.services.monitoring.observations import end_monitoring, flag_records
from chalicelib.services.ports import AppContext, SessionBundle

PAUSE_REASON, TERMINATION_REASON = "left_too_often", "left_beyond_limit"
"""Reason codes in the session, which the pages translate."""


@dataclass(frozen=True, slots=True)
class PageExitEvent:
    """A report with its outcome, the moment of the exit or return, and the moment of the report."""

    report: PageExitReport
    outcome: ExitOutcome
    at: Millis
    now: Millis


def report_page_exit(context: AppContext, session_id: str, report: PageExitReport) -> None:
    """Apply a report that the page was left or came back. Idempotent.

    Only exits while answering count. In a practice session, or for a candidate whom an
    accommodation excuses, they count without consequences; so do they once the sitting is over.
    Raises NotFound, WrongState.
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
    at = exit_moment(report, session.started_at or now, now)
    if not rule.on or not _is_of_sitting(session, report, at, now):
        return session.state
    outcome = apply_report(session.exits, report, rule)
    if outcome is None:
        return session.state
    event = PageExitEvent(report, outcome, at, now)
    if session.state in FINAL_STATES:
        _record_late(context, bundle, event)
        return session.state
    flags = _flags(bundle.monitor, event) if _has_consequences(session) else ()
    update = FlagUpdate(next_version(with_flags(bundle.monitor, flags)), flags)
    exit_change = _exit_change(session, event)
    if _has_consequences(session) and outcome.consequence is ExitConsequence.END:
        return finalize(
            context,
            bundle,
            lambda digest: terminate(
                exit_change.session, now, "system", TERMINATION_REASON, digest
            ),
            lambda ending: flag_records(bundle, update, now, (exit_change, ending)),
        ).state
    changes: tuple[Transition, ...] = (exit_change,)
    pauses = _has_consequences(session) and outcome.consequence is ExitConsequence.PAUSE
    if pauses and session.state is State.ANSWERING:
        changes += (pause(exit_change.session, now, "system", PAUSE_REASON),)
    context.sessions.commit(*flag_records(bundle, update, now, changes))
    return changes[-1].session.state


def _is_of_sitting(session: Session, report: PageExitReport, at: Millis, now: Millis) -> bool:
    """Return whether what was reported happened while answering.

    While the questions are covered an exit does not count, but a return ends the one before.
    """
    if session.state is State.PAUSED:
        return not report.away or (session.paused_at is not None and at < session.paused_at)
    if session.state in FINAL_STATES:
        ended_at = session.receipt.at if session.receipt else None
        return ended_at is not None and at < ended_at and now < ended_at + LATE_REPORTS
    return session.state is State.ANSWERING or (
        session.state is State.REVERIFYING and not report.away
    )


def _record_late(context: AppContext, bundle: SessionBundle, event: PageExitEvent) -> None:
    """Count and flag what happened in a sitting that is over: its flags are closed already.

    An exit whose return is not known yet lasted no time; the return says how long it was.
    """
    session = bundle.session
    exit_change = _exit_change(session, event)
    if not _has_consequences(session):
        context.sessions.commit(exit_change.session, exit_change.entry)
    elif event.report.away:
        flag = _close_flag(_open_flag(bundle.monitor, event), event.at)
        update = FlagUpdate(next_version(bundle.monitor), (flag,))
        context.sessions.commit(*flag_records(bundle, update, event.now, (exit_change,)))
    else:
        left = f"-{FindingKind.LEFT_PAGE}-{event.report.sequence - 1}"
        flags = (
            _close_flag(replace(flag, severity=event.outcome.severity), event.at)
            for flag in context.sessions.flags(session.session_id)
            if flag.flag_id.endswith(left)
        )
        context.sessions.commit(exit_change.session, exit_change.entry, *flags)


def _has_consequences(session: Session) -> bool:
    """Return whether page exits have consequences: not in practice, nor where they are excused."""
    return session.kind is SittingKind.OFFICIAL and FindingKind.LEFT_PAGE not in session.excused


def _exit_change(session: Session, event: PageExitEvent) -> Transition:
    report, exits = event.report, event.outcome.exits
    if not _has_consequences(session):
        exits = replace(exits, over=False)
    return with_audit(
        replace(session, exits=exits),
        event.now,
        "candidate",
        "left_page" if report.away else "came_back",
        why=report.signal,
        count=exits.count,
        happened_at=event.at,
    )


def _flags(monitor: MonitorState, event: PageExitEvent) -> tuple[Flag, ...]:
    """Return the flags that change: the open one is closed, and an exit opens a new one."""
    current = open_flag(monitor, FindingKind.LEFT_PAGE, View.FIRST)
    flags = (_close_flag(current, event.at),) if current else ()
    return (*flags, _open_flag(monitor, event)) if event.report.away else flags


def _close_flag(flag: Flag, at: Millis) -> Flag:
    ended_at = max(at, flag.began_at)
    severity = escalate(flag.severity, ended_at - flag.began_at)
    return replace(flag, ended_at=ended_at, last_seen_at=ended_at, severity=severity)


def _open_flag(monitor: MonitorState, event: PageExitEvent) -> Flag:
    return Flag(
        # The sequence distinguishes two exits at the same moment.
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
