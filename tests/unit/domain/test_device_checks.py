"""What a measure is worth, and whom the checks let go on."""

from dataclasses import replace

import pytest

from chalicelib.domain.rules.device_checks import (
    ADVISORY_BY_DEFAULT,
    DEFAULT_THRESHOLDS,
    GROUPS,
    MAX_NOTE_LENGTH,
    CheckDemand,
    CheckMeasure,
    CheckOutcome,
    CheckResults,
    CheckRules,
    DeviceCheck,
    Threshold,
    allows_entry,
    missing,
    summarize,
    with_results,
)
from tests.support.builders import NOW

RULES = CheckRules()
PASS, WARN, FAIL = CheckOutcome.PASS, CheckOutcome.WARN, CheckOutcome.FAIL


def good(rules: CheckRules = RULES) -> list[CheckMeasure]:
    """A measure of each check that passes."""
    return [CheckMeasure(check, rules.threshold(check).pass_at) for check in rules.enabled]


def test_every_check_has_a_group_and_a_limit() -> None:
    grouped = [check for group in GROUPS.values() for check in group]
    assert sorted(grouped) == sorted(DeviceCheck)
    assert DEFAULT_THRESHOLDS.keys() == set(DeviceCheck)


@pytest.mark.parametrize(
    ("check", "value", "outcome"),
    [
        (DeviceCheck.SCREENS, 1, PASS),
        (DeviceCheck.SCREENS, 2, FAIL),
        (DeviceCheck.SCREENS, None, WARN),  # a browser that counts no displays keeps nobody out
        (DeviceCheck.UPLOAD, 16, PASS),  # 2 MB/s
        (DeviceCheck.UPLOAD, 15.9, WARN),
        (DeviceCheck.UPLOAD, 1.9, FAIL),
        (DeviceCheck.UPLOAD, None, FAIL),
        (DeviceCheck.DOWNLOAD, 20, PASS),
        (DeviceCheck.CLOCK, 3 * 3600, WARN),  # the server's clock counts
        (DeviceCheck.ALLOWED, 1, FAIL),
        (DeviceCheck.HEADPHONES, 1, FAIL),
        (DeviceCheck.SPEAKER, 0, FAIL),
        (DeviceCheck.POWER, 0, WARN),
        (DeviceCheck.POWER, None, WARN),
        (DeviceCheck.SYSTEM, 0, WARN),  # advised only
        (DeviceCheck.FRAMING, 2, WARN),
        (DeviceCheck.STORAGE, 0, FAIL),
        (DeviceCheck.STORAGE, None, PASS),
    ],
)
def test_what_a_measure_is_worth(
    check: DeviceCheck, value: float | None, outcome: CheckOutcome
) -> None:
    assert RULES.judge(check, value) is outcome


def test_a_subject_has_demands_and_limits_of_its_own() -> None:
    rules = CheckRules(
        {
            DeviceCheck.FRAMING: CheckDemand.MUST,
            DeviceCheck.SCREENS: CheckDemand.ADVISED,
            DeviceCheck.REACH: CheckDemand.OFF,
        },
        {DeviceCheck.UPLOAD: Threshold(4, 4)},
    )
    assert rules.judge(DeviceCheck.FRAMING, 2) is FAIL
    assert rules.judge(DeviceCheck.SCREENS, 2) is WARN
    assert rules.judge(DeviceCheck.UPLOAD, 4) is PASS
    assert rules.judge(DeviceCheck.UPLOAD, 3.9) is FAIL
    assert DeviceCheck.REACH not in rules.enabled


class TestTheDoor:
    def test_is_closed_until_all_that_must_pass_did(self) -> None:
        must = {check for check in DeviceCheck if check not in ADVISORY_BY_DEFAULT}
        checks = CheckResults("5e55")
        for measure in good():
            assert set(missing(RULES, checks.results)) == must - checks.results.keys()
            checks = with_results(checks, RULES, [measure], NOW)
        assert summarize(RULES, checks, NOW).ready
        assert summarize(RULES, checks, NOW).outcome is PASS

    def test_a_failure_closes_it_and_a_repeat_opens_it(self) -> None:
        checks = with_results(CheckResults("5e55"), RULES, good(), NOW)
        failed = with_results(checks, RULES, [CheckMeasure(DeviceCheck.SCREENS, 2)], NOW)
        short = summarize(RULES, failed, NOW)
        assert (short.outcome, short.ready) == (FAIL, False)
        assert missing(RULES, failed.results) == (DeviceCheck.SCREENS,)
        mended = with_results(failed, RULES, [CheckMeasure(DeviceCheck.SCREENS, 1)], NOW)
        assert summarize(RULES, mended, NOW).ready
        assert mended.version == 3

    def test_a_warning_leaves_it_open(self) -> None:
        checks = with_results(
            CheckResults("5e55"), RULES, [*good(), CheckMeasure(DeviceCheck.POWER, 0)], NOW
        )
        short = summarize(RULES, checks, NOW)
        assert (short.outcome, short.ready) == (WARN, True)
        assert allows_entry(RULES, short)
        assert not allows_entry(RULES, replace(short, ready=False))

    def test_without_any_check_it_is_open_only_where_none_must_pass(self) -> None:
        assert not allows_entry(RULES, None)
        assert allows_entry(CheckRules(dict.fromkeys(DeviceCheck, CheckDemand.ADVISED)), None)
        assert allows_entry(CheckRules(dict.fromkeys(DeviceCheck, CheckDemand.OFF)), None)


def test_what_is_off_and_what_is_too_long_is_left_out() -> None:
    rules = CheckRules({DeviceCheck.POWER: CheckDemand.OFF})
    measures = [CheckMeasure(DeviceCheck.POWER, 0), CheckMeasure(DeviceCheck.BROWSER, 2, "x" * 500)]
    checks = with_results(CheckResults("5e55"), rules, measures, NOW)
    assert checks.results.keys() == {DeviceCheck.BROWSER}
    assert len(checks.results[DeviceCheck.BROWSER].note) == MAX_NOTE_LENGTH
