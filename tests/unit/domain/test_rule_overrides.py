"""What an admin changes of a profile: kept as differences, bounded, and what holds in a session."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import BadInput
from chalicelib.domain.monitoring.monitor_state import MAX_TRACES
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import (
    PROFILES,
    STANDARD,
    STRICT,
    FlagRule,
    MonitoringProfile,
    Severity,
)
from chalicelib.domain.rules.rule_overrides import (
    MAX_ESCALATION,
    MAX_OBSERVATIONS,
    MIN_ESCALATION,
    RuleOverride,
    RuleSetting,
    effective_profile,
    overrides_from,
    rule_of,
    validate_rule,
)
from chalicelib.domain.types import MINUTE, SECOND

RULE = FlagRule(2, 3, 2, Severity.SERIOUS)
RULES = st.builds(
    FlagRule,
    hits=st.integers(-1, 14),
    window=st.integers(-1, 14),
    clear=st.integers(-1, 14),
    severity=st.sampled_from(Severity),
    escalates_after=st.integers(0, MAX_ESCALATION + SECOND),
)


def all_of(profile: MonitoringProfile) -> dict[FindingKind, RuleSetting]:
    return {kind: rule_of(profile, kind) for kind in FindingKind}


@pytest.mark.parametrize("name", PROFILES)
def test_a_named_profile_as_it_is_differs_in_nothing(name: str) -> None:
    assert overrides_from(name, all_of(PROFILES[name])) == {}
    assert effective_profile(name, {}) == PROFILES[name]


@pytest.mark.parametrize("name", PROFILES)
def test_one_profile_on_the_ground_of_another_is_that_other(name: str) -> None:
    adjusted = overrides_from("lenient", all_of(PROFILES[name]))
    assert effective_profile("lenient", adjusted).rules == PROFILES[name].rules


def test_only_the_difference_is_kept() -> None:
    wanted = {
        FindingKind.PHONE: RuleSetting(
            on=True, rule=replace(STANDARD.rules[FindingKind.PHONE], hits=3)
        )
    }
    assert overrides_from("standard", wanted) == {FindingKind.PHONE: RuleOverride(hits=3)}


def test_of_a_kind_that_is_off_nothing_else_is_kept() -> None:
    broken = RuleSetting(on=False, rule=replace(RULE, hits=99))
    adjusted = overrides_from("standard", {FindingKind.VOICE: broken})
    assert adjusted == {FindingKind.VOICE: RuleOverride(on=False)}
    assert FindingKind.VOICE not in effective_profile("standard", adjusted).rules


def test_an_accommodation_is_stronger_than_an_adjustment() -> None:
    adjusted = {FindingKind.VOICE: RuleOverride(on=True, severity=Severity.CRITICAL)}
    assert (
        FindingKind.VOICE not in effective_profile("standard", adjusted, (FindingKind.VOICE,)).rules
    )


def test_there_is_no_fourth_profile() -> None:
    with pytest.raises(BadInput):
        overrides_from("relaxed", {})


@pytest.mark.parametrize(
    "change",
    [
        {"hits": 0},
        {"hits": 4},
        {"window": MAX_OBSERVATIONS + 1, "clear": MAX_OBSERVATIONS},
        {"clear": 0},
        {"clear": MAX_OBSERVATIONS + 1},
        {"hits": 1, "window": 4, "clear": 3},
        {"escalates_after": MIN_ESCALATION - 1},
        {"escalates_after": MAX_ESCALATION + 1},
    ],
)
def test_a_rule_that_is_not_sound_is_refused_by_name(change: dict[str, int]) -> None:
    with pytest.raises(BadInput, match="phone") as refusal:
        overrides_from("standard", {FindingKind.PHONE: RuleSetting(True, replace(RULE, **change))})  # type: ignore[arg-type]  # noqa: FBT003
    assert refusal.value.code == "unsound_rule"


def test_what_became_unsound_is_as_the_named_profile_has_it() -> None:
    assert effective_profile("strict", {FindingKind.PHONE: RuleOverride(window=9)}) == STRICT


def test_the_longest_window_is_what_a_session_remembers() -> None:
    assert MAX_OBSERVATIONS == MAX_TRACES


@given(st.sampled_from(sorted(PROFILES)), st.dictionaries(st.sampled_from(FindingKind), RULES))
def test_what_is_accepted_comes_back_and_is_sound(
    name: str, rules: dict[FindingKind, FlagRule]
) -> None:
    wanted = {kind: RuleSetting(True, rule) for kind, rule in rules.items()}  # noqa: FBT003
    try:
        adjusted = overrides_from(name, wanted)
    except BadInput:
        return
    resolved = effective_profile(name, adjusted)
    for kind, rule in rules.items():
        assert resolved.rules[kind] == rule
        validate_rule(kind, rule)
        assert 10 * SECOND <= rule.escalates_after <= 60 * MINUTE
