"""Profiles: from lenient to strict, and what an accommodation excuses."""

import pytest

from chalicelib.domain.monitoring.flags import apply_observation
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.rules.profiles import (
    LENIENT,
    PROFILES,
    STANDARD,
    STRICT,
    MonitoringProfile,
    get_profile,
)
from tests.unit.domain.test_flags import NEW, story


def pictures_until_flag(profile: MonitoringProfile, kind: FindingKind) -> int | None:
    """How many pictures in a row that show the kind open a flag; None where none does."""
    monitor: MonitorState = NEW
    several: list[Observation] = story(kind, "x" * 12)
    for number, observation in enumerate(several, start=1):
        monitor = apply_observation(monitor, observation, profile, flagging=True).monitor
        if monitor.open_flags:
            return number
    return None


@pytest.mark.parametrize(
    "kind", sorted(set(STANDARD.rules) - {FindingKind.NO_SNAPSHOT, FindingKind.VOICE})
)
def test_a_stricter_profile_never_waits_longer(kind: FindingKind) -> None:
    lenient, standard, strict = (
        pictures_until_flag(profile, kind) or 0 for profile in (LENIENT, STANDARD, STRICT)
    )
    assert lenient >= standard >= strict > 0


@pytest.mark.parametrize("name", sorted(PROFILES))
@pytest.mark.parametrize("kind", list(FindingKind))
def test_an_excused_kind_raises_no_flag_and_the_others_still_do(
    name: str, kind: FindingKind
) -> None:
    excused = get_profile(name, (kind,))
    assert kind not in excused.rules
    assert set(excused.rules) == set(get_profile(name).rules) - {kind}


def test_an_unknown_name_is_the_standard_one() -> None:
    assert get_profile("no such profile") == STANDARD


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_rule_can_open_and_close(profile: MonitoringProfile) -> None:
    for rule in profile.rules.values():
        assert 1 <= rule.hits <= rule.window
        assert rule.clear >= 1
        # What is left of a closed flag in the window must not open the next one by itself.
        assert rule.window - rule.clear < rule.hits
