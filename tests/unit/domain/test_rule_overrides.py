"""What an admin changes of a profile: kept as differences, bounded, and what holds in a session."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import BadInput
from chalicelib.domain.monitoring.monitor_state import TRAIL
from chalicelib.domain.rules.findings import Kind
from chalicelib.domain.rules.profiles import PROFILES, STANDARD, STRICT, Profile, Rule, Severity
from chalicelib.domain.rules.rule_overrides import (
    LONGEST_GROWTH,
    MOST_OBSERVATIONS,
    SHORTEST_GROWTH,
    Adjustment,
    Wanted,
    check,
    differences,
    resolve,
    rule_of,
)
from chalicelib.domain.types import MINUTE, SECOND

RULE = Rule(2, 3, 2, Severity.SERIOUS)
RULES = st.builds(
    Rule,
    hits=st.integers(-1, 14),
    window=st.integers(-1, 14),
    clear=st.integers(-1, 14),
    severity=st.sampled_from(Severity),
    grows_after=st.integers(0, LONGEST_GROWTH + SECOND),
)


def all_of(profile: Profile) -> dict[Kind, Wanted]:
    return {kind: rule_of(profile, kind) for kind in Kind}


@pytest.mark.parametrize("name", PROFILES)
def test_a_named_profile_as_it_is_differs_in_nothing(name: str) -> None:
    assert differences(name, all_of(PROFILES[name])) == {}
    assert resolve(name, {}) == PROFILES[name]


@pytest.mark.parametrize("name", PROFILES)
def test_one_profile_on_the_ground_of_another_is_that_other(name: str) -> None:
    adjusted = differences("lenient", all_of(PROFILES[name]))
    assert resolve("lenient", adjusted).rules == PROFILES[name].rules


def test_only_the_difference_is_kept() -> None:
    wanted = {Kind.PHONE: Wanted(True, replace(STANDARD.rules[Kind.PHONE], hits=3))}  # noqa: FBT003
    assert differences("standard", wanted) == {Kind.PHONE: Adjustment(hits=3)}


def test_of_a_kind_that_is_off_nothing_else_is_kept() -> None:
    broken = Wanted(on=False, rule=replace(RULE, hits=99))
    adjusted = differences("standard", {Kind.VOICE: broken})
    assert adjusted == {Kind.VOICE: Adjustment(on=False)}
    assert Kind.VOICE not in resolve("standard", adjusted).rules


def test_an_accommodation_is_stronger_than_an_adjustment() -> None:
    adjusted = {Kind.VOICE: Adjustment(on=True, severity=Severity.CRITICAL)}
    assert Kind.VOICE not in resolve("standard", adjusted, (Kind.VOICE,)).rules


def test_there_is_no_fourth_profile() -> None:
    with pytest.raises(BadInput):
        differences("relaxed", {})


@pytest.mark.parametrize(
    "change",
    [
        {"hits": 0},
        {"hits": 4},
        {"window": MOST_OBSERVATIONS + 1, "clear": MOST_OBSERVATIONS},
        {"clear": 0},
        {"clear": MOST_OBSERVATIONS + 1},
        {"hits": 1, "window": 4, "clear": 3},
        {"grows_after": SHORTEST_GROWTH - 1},
        {"grows_after": LONGEST_GROWTH + 1},
    ],
)
def test_a_rule_that_is_not_sound_is_refused_by_name(change: dict[str, int]) -> None:
    with pytest.raises(BadInput, match="phone") as refusal:
        differences("standard", {Kind.PHONE: Wanted(True, replace(RULE, **change))})  # type: ignore[arg-type]  # noqa: FBT003
    assert refusal.value.code == "unsound_rule"


def test_what_became_unsound_is_as_the_named_profile_has_it() -> None:
    assert resolve("strict", {Kind.PHONE: Adjustment(window=9)}) == STRICT


def test_the_longest_window_is_what_a_session_remembers() -> None:
    assert MOST_OBSERVATIONS == TRAIL


@given(st.sampled_from(sorted(PROFILES)), st.dictionaries(st.sampled_from(Kind), RULES))
def test_what_is_accepted_comes_back_and_is_sound(name: str, rules: dict[Kind, Rule]) -> None:
    wanted = {kind: Wanted(True, rule) for kind, rule in rules.items()}  # noqa: FBT003
    try:
        adjusted = differences(name, wanted)
    except BadInput:
        return
    resolved = resolve(name, adjusted)
    for kind, rule in rules.items():
        assert resolved.rules[kind] == rule
        check(kind, rule)
        assert 10 * SECOND <= rule.grows_after <= 60 * MINUTE
