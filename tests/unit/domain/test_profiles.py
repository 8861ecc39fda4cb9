"""Rules profiles: lenient to strict, and kinds excused by an accommodation."""

import pytest

from chalicelib.domain.monitoring.flags import apply_observation
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.rules.findings import REPORTED_KINDS, FindingKind, Observation
from chalicelib.domain.rules.profiles import (
    LENIENT,
    PROFILES,
    STANDARD,
    STRICT,
    MonitoringProfile,
    get_profile,
)
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
    "kind",
    sorted(
        set(STANDARD.rules)
        - REPORTED_KINDS
        - {FindingKind.NO_SNAPSHOT, FindingKind.VOICE, FindingKind.REPEATED_SOUND}
    ),
)
def test_stricter_profile_needs_no_more_pictures(kind: FindingKind) -> None:
    lenient, standard, strict = (
        pictures_until_flag(profile, kind) or 0 for profile in (LENIENT, STANDARD, STRICT)
    )
    assert lenient >= standard >= strict > 0


@pytest.mark.parametrize("name", sorted(PROFILES))
@pytest.mark.parametrize("kind", list(FindingKind))
def test_excused_kind_has_no_rule_and_the_others_keep_theirs(name: str, kind: FindingKind) -> None:
    excused = get_profile(name, (kind,))
    assert kind not in excused.rules
    assert set(excused.rules) == set(get_profile(name).rules) - {kind}


def test_unknown_name_returns_the_standard_profile() -> None:
    assert get_profile("no such profile") == STANDARD


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_rule_can_open_and_close(profile: MonitoringProfile) -> None:
    for rule in profile.rules.values():
        assert 1 <= rule.hits <= rule.window
        assert rule.clear >= 1
        # Observations of a closed flag still in the window must not open the next one.
        assert rule.window - rule.clear < rule.hits
