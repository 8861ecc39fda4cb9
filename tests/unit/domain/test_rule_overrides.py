"""Rule overrides: stored as differences, bounded, and profile to the effective profile."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import BadInput
from chalicelib.domain.monitoring.monitor_state import MAX_TRACES
from chalicelib.domain.rules.findings import NOTICE_KINDS, FindingKind
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
    MAX_MISSING,
    MAX_OBSERVATIONS,
    MIN_ESCALATION,
    MIN_MISSING,
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
    missing_after=st.integers(0, MAX_MISSING + SECOND),
)


def all_of(profile: MonitoringProfile) -> dict[FindingKind, RuleSetting]:
    return {kind: rule_of(profile, kind) for kind in FindingKind}


@pytest.mark.parametrize("name", PROFILES)
def test_unchanged_profile_has_no_overrides(name: str) -> None:
    assert overrides_from(name, all_of(PROFILES[name])) == {}
    assert effective_profile(name, {}) == PROFILES[name]


@pytest.mark.parametrize("name", PROFILES)
def test_overrides_can_turn_one_profile_into_another(name: str) -> None:
    overrides = overrides_from("lenient", all_of(PROFILES[name]))
    assert effective_profile("lenient", overrides).rules == PROFILES[name].rules


def test_only_differences_are_stored() -> None:
    settings = {
        FindingKind.PHONE: RuleSetting(
            on=True, rule=replace(STANDARD.rules[FindingKind.PHONE], hits=3)
        )
    }
    assert overrides_from("standard", settings) == {FindingKind.PHONE: RuleOverride(hits=3)}


def test_how_long_captures_may_be_missing_is_adjusted_like_any_other_rule() -> None:
    rule = replace(STANDARD.rules[FindingKind.NO_SNAPSHOT], missing_after=35 * SECOND)
    overrides = overrides_from("standard", {FindingKind.NO_SNAPSHOT: RuleSetting(True, rule)})  # noqa: FBT003
    assert overrides == {FindingKind.NO_SNAPSHOT: RuleOverride(missing_after=35 * SECOND)}
    assert effective_profile("standard", overrides).missing_after == 35 * SECOND
    assert effective_profile("standard", {}).missing_after == 20 * SECOND


def test_disabled_kind_stores_nothing_else() -> None:
    broken = RuleSetting(on=False, rule=replace(RULE, hits=99))
    overrides = overrides_from("standard", {FindingKind.VOICE: broken})
    assert overrides == {FindingKind.VOICE: RuleOverride(on=False)}
    assert FindingKind.VOICE not in effective_profile("standard", overrides).rules


def test_accommodation_takes_precedence_over_an_override() -> None:
    overrides = {FindingKind.VOICE: RuleOverride(on=True, severity=Severity.CRITICAL)}
    assert (
        FindingKind.VOICE
        not in effective_profile("standard", overrides, (FindingKind.VOICE,)).rules
    )


def test_unknown_profile_is_rejected() -> None:
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
        {"missing_after": MIN_MISSING - 1},
        {"missing_after": MAX_MISSING + 1},
    ],
)
def test_invalid_rule_is_rejected_naming_the_kind(change: dict[str, int]) -> None:
    with pytest.raises(BadInput, match="phone") as refusal:
        overrides_from("standard", {FindingKind.PHONE: RuleSetting(True, replace(RULE, **change))})  # type: ignore[arg-type]  # noqa: FBT003
    assert refusal.value.code == "unsound_rule"


@pytest.mark.parametrize("kind", sorted(NOTICE_KINDS))
def test_weak_kind_can_only_be_a_notice(kind: FindingKind) -> None:
    rule = replace(STANDARD.rules[kind], severity=Severity.SERIOUS)
    with pytest.raises(BadInput, match=kind):
        overrides_from("standard", {kind: RuleSetting(True, rule)})  # noqa: FBT003
    stored = {kind: RuleOverride(severity=Severity.CRITICAL)}
    assert effective_profile("standard", stored).rules[kind].severity is Severity.NOTICE


def test_override_that_became_invalid_is_ignored() -> None:
    assert effective_profile("strict", {FindingKind.PHONE: RuleOverride(window=9)}) == STRICT


def test_longest_window_equals_the_traces_kept() -> None:
    assert MAX_OBSERVATIONS == MAX_TRACES


@given(st.sampled_from(sorted(PROFILES)), st.dictionaries(st.sampled_from(FindingKind), RULES))
def test_accepted_settings_are_returned_and_valid(
    name: str, rules: dict[FindingKind, FlagRule]
) -> None:
    settings = {kind: RuleSetting(True, rule) for kind, rule in rules.items()}  # noqa: FBT003
    try:
        overrides = overrides_from(name, settings)
    except BadInput:
        return
    profile = effective_profile(name, overrides)
    for kind, rule in rules.items():
        assert profile.rules[kind] == rule
        validate_rule(kind, rule)
        assert 10 * SECOND <= rule.escalates_after <= 60 * MINUTE
        assert 10 * SECOND <= rule.missing_after <= 2 * MINUTE
