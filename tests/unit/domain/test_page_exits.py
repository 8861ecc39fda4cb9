"""The page lock: bounds of the rule, and the consequence of page exits."""

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
    "wrong", [{"max_exits": -1}, {"max_exits": 101}, {"grace": -1}, {"grace": 10_001}]
)
def test_rule_out_of_bounds_is_rejected(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        PageLockRule(**wrong)


def test_default_rule_allows_several_exits_with_a_grace_time() -> None:
    rule = PageLockRule()
    assert (rule.on, rule.max_exits, rule.consequence) == (True, 5, ExitConsequence.PAUSE)
    assert rule.grace >= 1_000


RULE = PageLockRule(max_exits=3)


def exit_report(sequence: int, ago: int = 0) -> PageExitReport:
    return PageExitReport(sequence, away=True, signal=ExitSignal.BLUR, ago=ago)


def return_report(sequence: int) -> PageExitReport:
    return PageExitReport(sequence, away=False, signal=ExitSignal.BLUR)


def after(rule: PageLockRule, times: int, exits: ExitCount | None = None) -> list[ExitOutcome]:
    """The outcomes of so many exits, one after the other."""
    exits = exits or ExitCount()
    outcomes = []
    for _ in range(times):
        for report in (exit_report(exits.sequence + 1), return_report(exits.sequence + 2)):
            outcome = apply_report(exits, report, rule)
            assert outcome is not None
            exits = outcome.exits
            if report.away:
                outcomes.append(outcome)
    return outcomes


@pytest.mark.parametrize("consequence", [ExitConsequence.PAUSE, ExitConsequence.END])
def test_exits_are_counted_escalate_and_have_a_consequence_over_the_limit(
    consequence: ExitConsequence,
) -> None:
    outcomes = after(PageLockRule(max_exits=3, consequence=consequence), 4)
    assert [outcome.exits.count for outcome in outcomes] == [1, 2, 3, 4]
    assert [outcome.severity for outcome in outcomes] == [1, 1, 2, 3]
    assert [outcome.consequence for outcome in outcomes] == [None, None, None, consequence]
    assert [outcome.exits.over for outcome in outcomes] == [False, False, False, True]


def test_notify_only_rule_never_has_another_consequence() -> None:
    outcomes = after(PageLockRule(max_exits=0, consequence=ExitConsequence.TELL), 30)
    assert {(outcome.consequence, outcome.exits.over) for outcome in outcomes} == {(None, False)}
    assert outcomes[-1].severity is Severity.CRITICAL


def test_reports_are_idempotent_and_ordered() -> None:
    first = apply_report(ExitCount(), exit_report(5), RULE)
    assert first is not None
    for sequence in (1, 4, 5):
        assert apply_report(first.exits, exit_report(sequence), RULE) is None
        assert apply_report(first.exits, return_report(sequence), RULE) is None
    second = apply_report(first.exits, return_report(6), RULE)
    assert second is not None
    assert (second.exits.count, second.consequence) == (1, None)


def test_resuming_allows_one_more_exit() -> None:
    over = after(RULE, 4)[-1].exits
    resumed = allow_one_more(over)
    assert (resumed.over, limit_of(resumed, RULE)) == (False, 5)
    assert [outcome.consequence for outcome in after(RULE, 2, resumed)] == [
        None,
        ExitConsequence.PAUSE,
    ]
    assert allow_one_more(ExitCount(count=2)) == ExitCount(count=2)


def test_time_of_an_exit_is_bounded_by_the_servers_clock() -> None:
    assert exit_moment(exit_report(1, ago=5_000), 0, 100_000) == 95_000
    assert exit_moment(exit_report(1, ago=86_400_000), 60_000, 100_000) == 60_000
    assert exit_moment(exit_report(1), 200_000, 100_000) == 100_000


def test_long_exit_is_more_severe() -> None:
    assert escalate(Severity.NOTICE, 30_000) is Severity.NOTICE
    assert escalate(Severity.NOTICE, 30_001) is Severity.SERIOUS
    assert escalate(Severity.CRITICAL, 30_001) is Severity.CRITICAL
