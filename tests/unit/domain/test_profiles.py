"""Rules profiles: lenient to strict, and kinds excused by an accommodation."""

import pytest

from chalicelib.domain.monitoring.flags import apply_observation
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.rules.findings import (
    ARRIVAL_KINDS,
    REPORTED_KINDS,
    SOUND_KINDS,
    FindingKind,
    Observation,
)
from chalicelib.domain.rules.profiles import (
    LENIENT,
    PROFILES,
    STANDARD,
    STRICT,
    MonitoringProfile,
    get_profile,
)
from chalicelib.domain.types import SECOND, Medium
from tests.support import builders as build
from tests.support.builders import NOW
from tests.unit.domain.test_flags import NEW, sequence


def pictures_until_flag(profile: MonitoringProfile, kind: FindingKind) -> int | None:
    """How many consecutive pictures with the kind open a flag; None if none does."""
    monitor: MonitorState = NEW
    observations: list[Observation] = sequence(kind, "x" * 12)
    for number, observation in enumerate(observations, start=1):
        monitor = apply_observation(monitor, observation, profile, flagging=True).monitor
        if monitor.open_flags:
            return number
    return None


@pytest.mark.parametrize(
    "kind", sorted(set(STANDARD.rules) - ARRIVAL_KINDS - SOUND_KINDS - REPORTED_KINDS)
)
def test_stricter_profile_needs_no_more_pictures(kind: FindingKind) -> None:
    lenient, standard, strict = (
        pictures_until_flag(profile, kind) or 0 for profile in (LENIENT, STANDARD, STRICT)
    )
    assert lenient >= standard >= strict > 0


def clips_until_flag(profile: MonitoringProfile, kind: FindingKind) -> int:
    """How many consecutive clips with the kind open a flag."""
    monitor: MonitorState = NEW
    for number in range(1, 13):
        clip = build.observation("5e55", NOW + number * 30 * SECOND, kind, medium=Medium.SOUND)
        monitor = apply_observation(monitor, clip, profile, flagging=True).monitor
        if monitor.open_flags:
            return number
    return 0


@pytest.mark.parametrize("kind", sorted(SOUND_KINDS - ARRIVAL_KINDS))
def test_stricter_profile_needs_no_more_clips(kind: FindingKind) -> None:
    lenient, standard, strict = (
        clips_until_flag(profile, kind) for profile in (LENIENT, STANDARD, STRICT)
    )
    assert lenient >= standard >= strict > 0


@pytest.mark.parametrize("kind", sorted(ARRIVAL_KINDS))
def test_stricter_profile_waits_no_longer_for_captures(kind: FindingKind) -> None:
    lenient, standard, strict = (
        (profile.rules[kind].hits, profile.rules[kind].missing_after)
        for profile in (LENIENT, STANDARD, STRICT)
    )
    assert lenient >= standard >= strict
    assert standard not in {lenient, strict}


@pytest.mark.parametrize("name", sorted(PROFILES))
@pytest.mark.parametrize("kind", list(FindingKind))
def test_excused_kind_has_no_rule_and_the_others_keep_theirs(name: str, kind: FindingKind) -> None:
    excused = get_profile(name, (kind,))
    assert kind not in excused.rules
    # Whoever may speak may have a helper who speaks.
    excused_too = {FindingKind.SECOND_VOICE} if kind is FindingKind.VOICE else set()
    assert set(excused.rules) == set(get_profile(name).rules) - {kind} - excused_too


def test_unknown_name_returns_the_standard_profile() -> None:
    assert get_profile("no such profile") == STANDARD


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_rule_can_open_and_close(profile: MonitoringProfile) -> None:
    for rule in profile.rules.values():
        assert 1 <= rule.hits <= rule.window
        assert rule.clear >= 1
        # Observations of a closed flag still in the window must not open the next one.
        assert rule.window - rule.clear < rule.hits
