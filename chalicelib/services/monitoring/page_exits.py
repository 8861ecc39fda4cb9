"""The lock: what a page reports of being left, counted, flagged and followed up by the rule."""

from dataclasses import dataclass, replace

from chalicelib.domain.monitoring.flags import Folded
from chalicelib.domain.monitoring.monitor_state import Flag, Watch, bump, open_flag, with_flags
from chalicelib.domain.rules.findings import Kind
from chalicelib.domain.rules.page_exits import Report, Taken, Then, grown, moment_of, take
from chalicelib.domain.sessions.session_clock import pause
from chalicelib.domain.sessions.sessions import Change, Session, note, terminate
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Millis, SittingKind, View
from chalicelib.retry import until_written
from chalicelib.services.core.session_access import subject_of
from chalicelib.services.monitoring.observations import end_watch, records_of
from chalicelib.services.ports import World

PAUSED_FOR, ENDED_FOR = "left_too_often", "left_beyond_limit"
"""Reasons of the rule, which the pages put into their reader's language."""


@dataclass(frozen=True, slots=True)
class _Event:
    """A report that was taken in, and when what it tells of happened."""

    report: Report
    taken: Taken
    at: Millis
    now: Millis


def report_lock(world: World, session_id: str, report: Report) -> None:
    """Take in that the page was left, or is back; a repeat changes nothing.

    Counted while answering only. A trial sitting counts, but nothing follows from it; nor does
    anything for a candidate whom an accommodation excuses. Raises NotFound, WrongState.
    """
    now = world.clock()
    if until_written(lambda: _report(world, session_id, report, now)) is State.TERMINATED:
        end_watch(world, session_id)


def _report(world: World, session_id: str, report: Report, now: Millis) -> State:
    whole = world.sessions.whole(session_id)
    session = whole.session
    rule = subject_of(world, session).lock
    counted = session.state is State.ANSWERING
    if not rule.on or not (counted or (session.state is State.PAUSED and not report.away)):
        return session.state
    taken = take(session.leaves, report, rule)
    if taken is None:
        return session.state
    event = _Event(report, taken, moment_of(report, session.started_at or now, now), now)
    flags = _flags(whole.watch, event) if _matters(session) else ()
    changes = _changes(session, event)
    folded = Folded(bump(with_flags(whole.watch, flags)), flags)
    world.sessions.commit(*records_of(whole, folded, now, changes))
    return changes[-1].session.state


def _matters(session: Session) -> bool:
    """Tell whether leaving has consequences: not in a trial, nor where it is excused."""
    return session.kind is SittingKind.OFFICIAL and Kind.LEFT_PAGE not in session.excused


def _changes(session: Session, event: _Event) -> tuple[Change, ...]:
    report, taken = event.report, event.taken
    noted = note(
        replace(session, leaves=taken.leaves),
        event.now,
        "candidate",
        "left_page" if report.away else "came_back",
        why=report.why,
        count=taken.leaves.count,
        happened_at=event.at,
    )
    if not _matters(session):
        calm = replace(noted.session, leaves=replace(taken.leaves, over=False))
        return (Change(calm, noted.entry),)
    match taken.then:
        case Then.PAUSE:
            return noted, pause(noted.session, event.now, "system", PAUSED_FOR)
        case Then.END:
            return noted, terminate(noted.session, event.now, "system", ENDED_FOR)
        case _:
            return (noted,)


def _flags(watch: Watch, event: _Event) -> tuple[Flag, ...]:
    """Return the flags that change: the open one closes, and a new leave opens its own."""
    before = open_flag(watch, Kind.LEFT_PAGE, View.FIRST)
    changed = (_closed(before, event.at),) if before else ()
    return (*changed, _opened(watch, event)) if event.report.away else changed


def _closed(flag: Flag, at: Millis) -> Flag:
    ended_at = max(at, flag.began_at)
    severity = grown(flag.severity, ended_at - flag.began_at)
    return replace(flag, ended_at=ended_at, seen_at=ended_at, severity=severity)


def _opened(watch: Watch, event: _Event) -> Flag:
    return Flag(
        # The number keeps two leaves of one moment apart.
        flag_id=f"{event.at:013d}-{View.FIRST}-{Kind.LEFT_PAGE}-{event.report.sequence}",
        session_id=watch.session_id,
        room_id=watch.room_id,
        kind=Kind.LEFT_PAGE,
        view=View.FIRST,
        severity=event.taken.severity,
        began_at=event.at,
        opened_at=event.now,
        seen_at=event.at,
        score=1.0,
        why=event.report.why,
    )
