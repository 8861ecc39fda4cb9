"""The lock's rule: what a subject may ask, and what leaving the page leads to."""

from typing import Any

import pytest

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.page_exits import (
    ExitConsequence,
    ExitCount,
    ExitOutcome,
    ExitSignal,
    PageExitReport,
    PageLockRule,
    allow_one_more,
    apply_report,
    escalate,
    exit_moment,
    limit_of,
)
from chalicelib.domain.rules.profiles import Severity


@pytest.mark.parametrize(
    "wrong", [{"allowed": -1}, {"allowed": 101}, {"forgiven": -1}, {"forgiven": 10_001}]
)
def test_a_rule_that_cannot_be_kept_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        PageLockRule(**wrong)


def test_unless_told_otherwise_it_is_kind() -> None:
    rule = PageLockRule()
    assert (rule.on, rule.allowed, rule.then) == (True, 5, ExitConsequence.PAUSE)
    assert rule.forgiven >= 1_000


RULE = PageLockRule(allowed=3)


def left(sequence: int, ago: int = 0) -> PageExitReport:
    return PageExitReport(sequence, away=True, why=ExitSignal.BLUR, ago=ago)


def back(sequence: int) -> PageExitReport:
    return PageExitReport(sequence, away=False, why=ExitSignal.BLUR)


def after(rule: PageLockRule, times: int, exits: ExitCount | None = None) -> list[ExitOutcome]:
    """What so many leaves lead to, one after the other."""
    exits = exits or ExitCount()
    found = []
    for _ in range(times):
        for report in (left(exits.sequence + 1), back(exits.sequence + 2)):
            outcome = apply_report(exits, report, rule)
            assert outcome is not None
            exits = outcome.exits
            if report.away:
                found.append(outcome)
    return found


@pytest.mark.parametrize("then", [ExitConsequence.PAUSE, ExitConsequence.END])
def test_leaves_are_counted_grow_severe_and_have_a_consequence_at_last(
    then: ExitConsequence,
) -> None:
    found = after(PageLockRule(allowed=3, then=then), 4)
    assert [outcome.exits.count for outcome in found] == [1, 2, 3, 4]
    assert [outcome.severity for outcome in found] == [1, 1, 2, 3]
    assert [outcome.then for outcome in found] == [None, None, None, then]
    assert [outcome.exits.over for outcome in found] == [False, False, False, True]


def test_where_one_is_only_told_nothing_else_ever_follows() -> None:
    found = after(PageLockRule(allowed=0, then=ExitConsequence.TELL), 30)
    assert {(outcome.then, outcome.exits.over) for outcome in found} == {(None, False)}
    assert found[-1].severity is Severity.CRITICAL


def test_a_report_counts_once_and_in_order() -> None:
    first = apply_report(ExitCount(), left(5), RULE)
    assert first is not None
    for sequence in (1, 4, 5):
        assert apply_report(first.exits, left(sequence), RULE) is None
        assert apply_report(first.exits, back(sequence), RULE) is None
    second = apply_report(first.exits, back(6), RULE)
    assert second is not None
    assert (second.exits.count, second.then) == (1, None)


def test_a_proctor_who_lets_it_go_on_allows_one_more() -> None:
    over = after(RULE, 4)[-1].exits
    resumed = allow_one_more(over)
    assert (resumed.over, limit_of(resumed, RULE)) == (False, 5)
    assert [outcome.then for outcome in after(RULE, 2, resumed)] == [None, ExitConsequence.PAUSE]
    assert allow_one_more(ExitCount(count=2)) == ExitCount(count=2)


def test_the_servers_clock_holds() -> None:
    assert exit_moment(left(1, ago=5_000), 0, 100_000) == 95_000
    assert exit_moment(left(1, ago=86_400_000), 60_000, 100_000) == 60_000
    assert exit_moment(left(1), 200_000, 100_000) == 100_000


def test_a_long_leave_is_more_severe() -> None:
    assert escalate(Severity.NOTICE, 30_000) is Severity.NOTICE
    assert escalate(Severity.NOTICE, 30_001) is Severity.SERIOUS
    assert escalate(Severity.CRITICAL, 30_001) is Severity.CRITICAL
