"""A whole hour from pictures to flags: the real models, and the standard rules over time."""

from functools import cache

import pytest

from chalicelib.exam.findings import Finding, Kind
from chalicelib.exam.flags import fold
from chalicelib.exam.profiles import STANDARD
from chalicelib.exam.watches import Flag, Watch
from chalicelib.exam.words import SECOND
from functions.vision.observe import Eyes
from tests.data import hour, scenes
from tests.support import builders as build

BEGIN = build.NOW
Hour = list[tuple[Finding, ...]]


def moment(snapshot: int) -> int:
    return BEGIN + snapshot * hour.PACE * SECOND


@pytest.fixture(scope="module")
def seen(eyes: Eyes) -> Hour:
    """What each snapshot of the hour shows; every distinct frame is looked at once."""
    reference = eyes.embed((scenes.HERE / "person_a.jpg").read_bytes())

    @cache
    def findings(frame: bytes) -> tuple[Finding, ...]:
        return eyes.look(frame, view="first", reference=reference).findings

    return [findings(frame) for frame in hour.hour()]


@pytest.fixture(scope="module")
def flags(seen: Hour) -> dict[str, Flag]:
    """Every flag that the hour raised, as it was at last."""
    watch = Watch("5e55", "room-1", 1)
    raised: dict[str, Flag] = {}
    for snapshot, findings in enumerate(seen):
        kinds = [finding.kind for finding in findings]
        after = fold(
            watch, build.observation("5e55", moment(snapshot), *kinds), STANDARD, flagging=True
        )
        watch = after.watch
        raised |= {flag.flag_id: flag for flag in after.flags}
    return raised


def test_the_hour_is_the_same_every_time() -> None:
    first, second = list(hour.hour()), list(hour.hour())
    assert first == second
    assert len(first) == hour.SNAPSHOTS


def test_nothing_is_flagged_while_the_candidate_sits_properly(flags: dict[str, Flag]) -> None:
    begin = moment(hour.OFFENCES[0].first)
    assert [flag.kind for flag in flags.values() if flag.began_at < begin] == []


def test_each_offence_raises_one_flag(flags: dict[str, Flag]) -> None:
    assert [flag.kind for flag in flags.values()] == [one.what for one in hour.OFFENCES]


@pytest.mark.parametrize("offence", hour.OFFENCES, ids=lambda one: one.what)
def test_an_offence_is_flagged_within_15_s_and_ends(
    flags: dict[str, Flag], offence: hour.Shown
) -> None:
    (flag,) = [one for one in flags.values() if one.kind == offence.what]
    assert flag.opened_at - moment(offence.first) <= 15 * SECOND
    assert flag.ended_at is not None
    over = flag.ended_at - moment(offence.first + offence.count)
    assert over <= hour.PACE * SECOND


@pytest.mark.parametrize(
    ("habit", "kind"),
    [
        ("glance", Kind.LOOKING_AWAY),
        ("drink", Kind.FACE_OCCLUDED),
        ("blurred", Kind.TOO_BLURRED),
    ],
)
def test_a_habit_is_seen_though_it_raises_no_flag(seen: Hour, habit: str, kind: Kind) -> None:
    shown = [seen[one.first] for one in hour.HABITS if one.what == habit]
    assert all(kind in {finding.kind for finding in findings} for findings in shown)
