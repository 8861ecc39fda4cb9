"""What a measure is worth, and whom the checks let go on."""

from dataclasses import replace

import pytest

from chalicelib.domain.rules.device_checks import (
    ADVISED,
    GROUPS,
    LIMITS,
    LONGEST_NOTE,
    Check,
    CheckRules,
    Checks,
    Demand,
    Limit,
    Measure,
    Outcome,
    in_short,
    may_enter,
    missing,
    take_in,
)
from tests.support.builders import NOW

RULES = CheckRules()
PASS, WARN, FAIL = Outcome.PASS, Outcome.WARN, Outcome.FAIL


def good(rules: CheckRules = RULES) -> list[Measure]:
    """A measure of each check that passes."""
    return [Measure(one, rules.limit(one).good) for one in rules.asked]


def test_every_check_has_a_group_and_a_limit() -> None:
    grouped = [check for group in GROUPS.values() for check in group]
    assert sorted(grouped) == sorted(Check)
    assert LIMITS.keys() == set(Check)


@pytest.mark.parametrize(
    ("check", "value", "outcome"),
    [
        (Check.SCREENS, 1, PASS),
        (Check.SCREENS, 2, FAIL),
        (Check.SCREENS, None, WARN),  # a browser that counts no displays keeps nobody out
        (Check.UPLOAD, 16, PASS),  # 2 MB/s
        (Check.UPLOAD, 15.9, WARN),
        (Check.UPLOAD, 1.9, FAIL),
        (Check.UPLOAD, None, FAIL),
        (Check.DOWNLOAD, 20, PASS),
        (Check.CLOCK, 3 * 3600, WARN),  # the server's clock counts
        (Check.ALLOWED, 1, FAIL),
        (Check.HEADPHONES, 1, FAIL),
        (Check.SPEAKER, 0, FAIL),
        (Check.POWER, 0, WARN),
        (Check.POWER, None, WARN),
        (Check.SYSTEM, 0, WARN),  # advised only
        (Check.FRAMING, 2, WARN),
        (Check.STORAGE, 0, FAIL),
        (Check.STORAGE, None, PASS),
    ],
)
def test_what_a_measure_is_worth(check: Check, value: float | None, outcome: Outcome) -> None:
    assert RULES.judge(check, value) is outcome


def test_a_subject_has_demands_and_limits_of_its_own() -> None:
    rules = CheckRules(
        {Check.FRAMING: Demand.MUST, Check.SCREENS: Demand.ADVISED, Check.REACH: Demand.OFF},
        {Check.UPLOAD: Limit(4, 4)},
    )
    assert rules.judge(Check.FRAMING, 2) is FAIL
    assert rules.judge(Check.SCREENS, 2) is WARN
    assert rules.judge(Check.UPLOAD, 4) is PASS
    assert rules.judge(Check.UPLOAD, 3.9) is FAIL
    assert Check.REACH not in rules.asked


class TestTheDoor:
    def test_is_closed_until_all_that_must_pass_did(self) -> None:
        must = {one for one in Check if one not in ADVISED}
        checks = Checks("5e55")
        for measure in good():
            assert set(missing(RULES, checks.results)) == must - checks.results.keys()
            checks = take_in(checks, RULES, [measure], NOW)
        assert in_short(RULES, checks, NOW).ready
        assert in_short(RULES, checks, NOW).outcome is PASS

    def test_a_failure_closes_it_and_a_repeat_opens_it(self) -> None:
        checks = take_in(Checks("5e55"), RULES, good(), NOW)
        failed = take_in(checks, RULES, [Measure(Check.SCREENS, 2)], NOW)
        short = in_short(RULES, failed, NOW)
        assert (short.outcome, short.ready) == (FAIL, False)
        assert missing(RULES, failed.results) == (Check.SCREENS,)
        mended = take_in(failed, RULES, [Measure(Check.SCREENS, 1)], NOW)
        assert in_short(RULES, mended, NOW).ready
        assert mended.version == 3

    def test_a_warning_leaves_it_open(self) -> None:
        checks = take_in(Checks("5e55"), RULES, [*good(), Measure(Check.POWER, 0)], NOW)
        short = in_short(RULES, checks, NOW)
        assert (short.outcome, short.ready) == (WARN, True)
        assert may_enter(RULES, short)
        assert not may_enter(RULES, replace(short, ready=False))

    def test_without_any_check_it_is_open_only_where_none_must_pass(self) -> None:
        assert not may_enter(RULES, None)
        assert may_enter(CheckRules(dict.fromkeys(Check, Demand.ADVISED)), None)
        assert may_enter(CheckRules(dict.fromkeys(Check, Demand.OFF)), None)


def test_what_is_off_and_what_is_too_long_is_left_out() -> None:
    rules = CheckRules({Check.POWER: Demand.OFF})
    measures = [Measure(Check.POWER, 0), Measure(Check.BROWSER, 2, "x" * 500)]
    checks = take_in(Checks("5e55"), rules, measures, NOW)
    assert checks.results.keys() == {Check.BROWSER}
    assert len(checks.results[Check.BROWSER].note) == LONGEST_NOTE
