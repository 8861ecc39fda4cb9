"""Page exits: counted, flagged, and followed by the rule's consequence."""

from itertools import count

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import Conflict
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.page_exits import (
    LATE_REPORTS,
    ExitConsequence,
    ExitSignal,
    PageExitReport,
    PageLockRule,
)
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SECOND, Millis, SittingKind
from chalicelib.services.monitoring.observations import end_monitoring
from chalicelib.services.monitoring.page_exits import (
    PAUSE_REASON,
    TERMINATION_REASON,
    report_page_exit,
)
from chalicelib.services.proctoring.session_control import pause_session, resume_session
from chalicelib.services.sitting.answers import submit_answers
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, act_by, add_session, fake_context

ID = "5e55"


def context_with(rule: PageLockRule | None = None, **changes: object) -> FakeContext:
    context = fake_context(build.subject(lock=rule or PageLockRule(max_exits=2)))
    add_session(context, ID, **changes)
    context.clock.advance(60 * SECOND)
    return context


def leave(context: FakeContext, sequence: int, *, lasting: int = 2 * SECOND) -> None:
    report_page_exit(
        context, ID, PageExitReport(sequence, away=True, signal=ExitSignal.HIDDEN, ago=SECOND)
    )
    context.clock.advance(lasting)
    report_page_exit(
        context, ID, PageExitReport(sequence + 1, away=False, signal=ExitSignal.HIDDEN)
    )


def flags(context: FakeContext) -> list[Flag]:
    return context.sessions.flags(ID)


def session(context: FakeContext) -> Session:
    return context.sessions.session(ID)


def test_exit_is_flagged_until_the_return() -> None:
    context = context_with()
    left_at = context.clock() - SECOND
    leave(context, 1, lasting=5 * SECOND)
    [flag] = flags(context)
    assert (flag.kind, flag.exit_signal, flag.severity) == (
        FindingKind.LEFT_PAGE,
        "hidden",
        Severity.NOTICE,
    )
    assert (flag.began_at, flag.ended_at) == (left_at, left_at + 6 * SECOND)
    assert session(context).exits.count == 1
    assert session(context).state is State.ANSWERING
    audit = context.sessions.audit(ID)
    actions = [entry.action for entry in audit]
    assert actions == ["signed_in", "left_page", "flag_opened", "came_back", "flag_closed"]
    assert audit[1].detail == {"why": "hidden", "count": 1, "happened_at": left_at}
    assert first_break(audit) is None


def test_flag_stays_open_while_away() -> None:
    context = context_with()
    report_page_exit(context, ID, PageExitReport(1, away=True, signal=ExitSignal.BLUR))
    [flag] = context.sessions.bundle(ID).monitor.open_flags
    assert (flag.kind, flag.ended_at) == (FindingKind.LEFT_PAGE, None)


def test_repeated_and_late_reports_change_nothing() -> None:
    context = context_with()
    leave(context, 3)
    before = context.sessions.stored_records(ID)
    for sequence in (1, 3, 4):
        report_page_exit(context, ID, PageExitReport(sequence, away=True, signal=ExitSignal.BLUR))
        report_page_exit(context, ID, PageExitReport(sequence, away=False, signal=ExitSignal.BLUR))
    assert context.sessions.stored_records(ID) == before


def test_exit_without_return_is_closed_by_the_next() -> None:
    context = context_with()
    report_page_exit(context, ID, PageExitReport(1, away=True, signal=ExitSignal.BLUR))
    context.clock.advance(31 * SECOND)
    report_page_exit(context, ID, PageExitReport(2, away=True, signal=ExitSignal.FULLSCREEN))
    first, second = flags(context)
    assert (first.ended_at, first.severity) == (context.clock(), Severity.SERIOUS)
    assert (second.ended_at, second.exit_signal) == (None, "fullscreen")


def test_exceeding_the_limit_pauses_until_a_proctor_resumes() -> None:
    context = context_with()
    numbers = count(1, 2)
    for _ in range(2):
        leave(context, next(numbers))
        assert session(context).state is State.ANSWERING
    leave(context, next(numbers))
    paused = session(context)
    assert (paused.state, paused.exits.over) == (State.PAUSED, True)
    assert paused.reason == PAUSE_REASON
    assert flags(context)[-1].severity is Severity.CRITICAL
    assert flags(context)[-1].ended_at is not None  # a return is applied while paused, too

    context.clock.advance(60 * SECOND)
    resumed = resume_session(context, act_by(context.registry.staff("proctor"), ID))
    assert resumed.credit == 62 * SECOND
    leave(context, next(numbers))
    assert session(context).state is State.ANSWERING
    leave(context, next(numbers))
    assert session(context).state is State.PAUSED
    assert first_break(context.sessions.audit(ID)) is None


def test_exits_in_a_pause_are_not_counted() -> None:
    context = context_with(state=State.PAUSED, paused_at=NOW)
    before = context.sessions.stored_records(ID)
    report_page_exit(context, ID, PageExitReport(1, away=True, signal=ExitSignal.BLUR))
    assert context.sessions.stored_records(ID) == before


def test_exit_before_a_pause_counts_though_it_is_told_in_it() -> None:
    context = context_with(PageLockRule(max_exits=0))
    paused_at = context.clock()
    pause_session(context, act_by(context.registry.staff("proctor"), ID), "a talk")
    context.clock.advance(10 * SECOND)
    report_page_exit(
        context, ID, PageExitReport(1, away=True, signal=ExitSignal.BLUR, ago=12 * SECOND)
    )
    report_page_exit(
        context, ID, PageExitReport(2, away=False, signal=ExitSignal.BLUR, ago=11 * SECOND)
    )
    paused = session(context)
    assert (paused.state, paused.reason, paused.paused_at) == (State.PAUSED, "a talk", paused_at)
    assert (paused.exits.count, paused.exits.over) == (1, True)
    [flag] = flags(context)
    assert (flag.began_at, flag.ended_at) == (paused_at - 2 * SECOND, paused_at - SECOND)


def handed_in(context: FakeContext) -> Millis:
    """Hand in, and return when that was."""
    submit_answers(context, ID)
    receipt = session(context).receipt
    assert receipt is not None
    return receipt.at


def test_exit_that_is_told_after_the_end_counts_and_is_flagged() -> None:
    context = context_with(PageLockRule(max_exits=0, consequence=ExitConsequence.END))
    ended_at = handed_in(context)
    receipt = session(context).receipt
    context.clock.advance(60 * SECOND)
    for _ in range(2):  # each is sent again where its response was lost
        report_page_exit(
            context, ID, PageExitReport(1, away=True, signal=ExitSignal.HIDDEN, ago=100 * SECOND)
        )
        [flag] = flags(context)
        assert (flag.began_at, flag.ended_at) == (ended_at - 40 * SECOND,) * 2
        assert flag.severity is Severity.CRITICAL
    for _ in range(2):
        report_page_exit(
            context, ID, PageExitReport(2, away=False, signal=ExitSignal.HIDDEN, ago=65 * SECOND)
        )
        [flag] = flags(context)
        assert flag.ended_at == ended_at - 5 * SECOND
    assert (session(context).state, session(context).exits.count) == (State.SUBMITTED, 1)
    assert session(context).receipt == receipt
    assert not context.sessions.bundle(ID).monitor.open_flags
    audit = context.sessions.audit(ID)
    assert [entry.action for entry in audit[-4:]] == [
        "left_page", "flag_opened", "flag_closed", "came_back",
    ]  # fmt: skip
    assert first_break(audit) is None


def test_return_that_is_told_after_the_end_says_how_long_the_exit_was() -> None:
    context = context_with(PageLockRule(max_exits=4))
    report_page_exit(context, ID, PageExitReport(1, away=True, signal=ExitSignal.HIDDEN))
    left_at = context.clock()
    context.clock.advance(40 * SECOND)
    handed_in(context)
    end_monitoring(context, ID)
    report_page_exit(
        context, ID, PageExitReport(2, away=False, signal=ExitSignal.HIDDEN, ago=35 * SECOND)
    )
    [flag] = flags(context)
    assert (flag.began_at, flag.ended_at) == (left_at, left_at + 5 * SECOND)
    assert flag.severity is Severity.NOTICE


@pytest.mark.parametrize(
    ("ago", "late"),
    [(0, 0), (60 * SECOND, 60 * SECOND), (LATE_REPORTS + 90 * SECOND, LATE_REPORTS)],
)
def test_what_happened_after_the_end_or_is_told_too_late_changes_nothing(
    ago: Millis, late: Millis
) -> None:
    context = context_with()
    handed_in(context)
    context.clock.advance(late)
    before = context.sessions.stored_records(ID)
    report_page_exit(context, ID, PageExitReport(1, away=True, signal=ExitSignal.HIDDEN, ago=ago))
    assert context.sessions.stored_records(ID) == before


def test_exit_of_a_practice_told_after_its_end_is_counted_alone() -> None:
    context = context_with(kind=SittingKind.TRIAL)
    handed_in(context)
    report_page_exit(
        context, ID, PageExitReport(1, away=True, signal=ExitSignal.HIDDEN, ago=SECOND)
    )
    assert (session(context).exits.count, flags(context)) == (1, [])


def test_exceeding_the_limit_terminates_where_the_rule_says_so() -> None:
    context = context_with(PageLockRule(max_exits=0, consequence=ExitConsequence.END))
    report_page_exit(context, ID, PageExitReport(1, away=True, signal=ExitSignal.SCREEN))
    ended = session(context)
    assert ended.state is State.TERMINATED
    assert ended.reason == TERMINATION_REASON
    assert all(flag.ended_at is not None for flag in flags(context))
    assert not context.sessions.bundle(ID).monitor.open_flags


@pytest.mark.parametrize("state", sorted(set(State) - {State.ANSWERING, State.PAUSED}))
def test_exits_in_other_states_are_not_counted(state: State) -> None:
    context = context_with(state=state)
    before = context.sessions.stored_records(ID)
    report_page_exit(context, ID, PageExitReport(1, away=True, signal=ExitSignal.BLUR))
    assert context.sessions.stored_records(ID) == before


@pytest.mark.parametrize(
    "changes",
    [{"kind": SittingKind.TRIAL}, {"excused": (FindingKind.LEFT_PAGE,)}],
    ids=["trial", "excused"],
)
def test_exits_without_consequences_are_only_counted(changes: dict[str, object]) -> None:
    context = context_with(PageLockRule(max_exits=0, consequence=ExitConsequence.END), **changes)
    for sequence in (1, 3, 5):
        leave(context, sequence)
    assert (session(context).state, session(context).exits.count) == (State.ANSWERING, 3)
    assert not session(context).exits.over
    assert flags(context) == []


def test_exits_without_page_lock_are_not_counted() -> None:
    context = context_with(PageLockRule(on=False))
    leave(context, 1)
    assert session(context).exits.count == 0


def test_concurrent_write_counts_the_exit_once() -> None:
    context = context_with()
    report = PageExitReport(1, away=True, signal=ExitSignal.BLUR)
    context.sessions.before_commit.append(lambda: report_page_exit(context, ID, report))
    try:
        report_page_exit(context, ID, report)
    except Conflict:  # pragma: no cover
        pytest.fail("the conflict was not retried")
    assert session(context).exits.count == 1
    assert len(flags(context)) == 1
