"""Outcomes of measures, and whether the checks allow entry."""

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
    summarize,
    unmet_checks,
    with_results,
)
from tests.support.builders import NOW

RULES = CheckRules()
PASS, WARN, FAIL = CheckOutcome.PASS, CheckOutcome.WARN, CheckOutcome.FAIL


def passing_measures(rules: CheckRules = RULES) -> list[CheckMeasure]:
    """A passing measure of each check."""
    return [CheckMeasure(check, rules.threshold(check).pass_at) for check in rules.enabled]


def test_every_check_has_a_group_and_a_threshold() -> None:
    grouped = [check for group in GROUPS.values() for check in group]
    assert sorted(grouped) == sorted(DeviceCheck)
    assert DEFAULT_THRESHOLDS.keys() == set(DeviceCheck)


@pytest.mark.parametrize(
    ("check", "value", "outcome"),
    [
        (DeviceCheck.SCREENS, 1, PASS),
        (DeviceCheck.SCREENS, 2, FAIL),
        (DeviceCheck.SCREENS, None, WARN),  # a browser that cannot count displays blocks nobody
        (DeviceCheck.UPLOAD, 16, PASS),  # 2 MB/s
        (DeviceCheck.UPLOAD, 15.9, WARN),
        (DeviceCheck.UPLOAD, 1.9, FAIL),
        (DeviceCheck.UPLOAD, None, FAIL),
        (DeviceCheck.DOWNLOAD, 20, PASS),
        (DeviceCheck.CLOCK, 3 * 3600, WARN),  # the server's clock is used
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
def test_outcome_of_a_measure(
    check: DeviceCheck, value: float | None, outcome: CheckOutcome
) -> None:
    assert RULES.judge(check, value) is outcome


def test_subject_overrides_demands_and_thresholds() -> None:
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


class TestEntry:
    def test_entry_is_blocked_until_all_mandatory_checks_pass(self) -> None:
        mandatory = {check for check in DeviceCheck if check not in ADVISORY_BY_DEFAULT}
        checks = CheckResults("5e55")
        for measure in passing_measures():
            assert set(unmet_checks(RULES, checks.results)) == mandatory - checks.results.keys()
            checks = with_results(checks, RULES, [measure], NOW)
        assert summarize(RULES, checks, NOW).ready
        assert summarize(RULES, checks, NOW).outcome is PASS

    def test_failure_blocks_entry_and_a_passing_repeat_allows_it(self) -> None:
        checks = with_results(CheckResults("5e55"), RULES, passing_measures(), NOW)
        failed = with_results(checks, RULES, [CheckMeasure(DeviceCheck.SCREENS, 2)], NOW)
        summary = summarize(RULES, failed, NOW)
        assert (summary.outcome, summary.ready) == (FAIL, False)
        assert unmet_checks(RULES, failed.results) == (DeviceCheck.SCREENS,)
        repeated = with_results(failed, RULES, [CheckMeasure(DeviceCheck.SCREENS, 1)], NOW)
        assert summarize(RULES, repeated, NOW).ready
        assert repeated.version == 3

    def test_warning_allows_entry(self) -> None:
        checks = with_results(
            CheckResults("5e55"),
            RULES,
            [*passing_measures(), CheckMeasure(DeviceCheck.POWER, 0)],
            NOW,
        )
        summary = summarize(RULES, checks, NOW)
        assert (summary.outcome, summary.ready) == (WARN, True)
        assert allows_entry(RULES, summary)
        assert not allows_entry(RULES, replace(summary, ready=False))

    def test_entry_without_checks_is_allowed_only_if_none_is_mandatory(self) -> None:
        assert not allows_entry(RULES, None)
        assert allows_entry(CheckRules(dict.fromkeys(DeviceCheck, CheckDemand.ADVISED)), None)
        assert allows_entry(CheckRules(dict.fromkeys(DeviceCheck, CheckDemand.OFF)), None)


def test_disabled_check_is_ignored_and_long_note_truncated() -> None:
    rules = CheckRules({DeviceCheck.POWER: CheckDemand.OFF})
    measures = [CheckMeasure(DeviceCheck.POWER, 0), CheckMeasure(DeviceCheck.BROWSER, 2, "x" * 500)]
    checks = with_results(CheckResults("5e55"), rules, measures, NOW)
    assert checks.results.keys() == {DeviceCheck.BROWSER}
    assert len(checks.results[DeviceCheck.BROWSER].note) == MAX_NOTE_LENGTH
