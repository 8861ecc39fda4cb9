"""Simulated hours: the script, the pictures, and how flags are judged against the script."""

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.rules.profiles import STANDARD
from chalicelib.domain.types import SECOND, View
from functions.vision.pipeline import VisionPipeline
from models.evaluate.hours.frames import Cast, choose_cast, pictures
from models.evaluate.hours.run import PlayedHour, judge, side_pictures
from models.evaluate.hours.script import FIRST_INTERVAL, OFFENCES, Act, Condition, Stretch, acts
from models.evaluate.hours.tables import hours_tables
from models.evaluate.rooms.compose import Materials
from models.evaluate.scenes import LABELS, Pair, Scene
from models.evaluate.tables import to_text
from models.evaluate.watch import flags_of, moment, observe
from tests.data import scenes
from tests.data.scenes import HERE
from tests.support import builders as build

ABSENCE = next(stretch for stretch in OFFENCES if stretch.act is Act.ABSENT)


def portrait(name: str) -> Image.Image:
    return Image.open(HERE / name).convert("RGB")


@pytest.fixture(scope="module")
def cast() -> Cast:
    return Cast(
        people=[[portrait("person_a.jpg"), portrait("person_a_again.jpg")]],
        strangers=[portrait("person_b.jpg")],
        played={Act.LOOK_AWAY: [portrait("person_c.jpg")]},
        materials=Materials(rooms=[portrait("empty.jpg")]),
    )


def played_hour(findings: Iterable[tuple[FindingKind, Stretch]]) -> PlayedHour:
    """Return an hour of the first view in which only these are found, while a stretch goes on."""
    shown = list(findings)
    observations: list[Observation] = []
    for number in range(720):
        second = number * FIRST_INTERVAL
        found = [kind for kind, stretch in shown if stretch.holds(second)]
        observations.append(build.observation("5e55", moment(number, FIRST_INTERVAL), *found))
    played = frozenset((stretch.act, View.FIRST) for stretch in OFFENCES)
    return PlayedHour(0, Condition.DAY, played, {View.FIRST: observations})


class TestScript:
    def test_every_offence_is_played_for_as_long_as_it_lasts(self) -> None:
        for stretch in OFFENCES:
            shown = acts(stretch.view, 5, list(Act))
            assert shown.count(stretch.act) * 5 >= stretch.seconds
            assert shown[stretch.begin // 5] is stretch.act

    def test_what_cannot_be_played_is_not(self) -> None:
        assert set(acts(View.FIRST, FIRST_INTERVAL, [Act.SIT, Act.DARK])) == {Act.SIT, Act.DARK}

    def test_offences_of_a_view_do_not_overlap(self) -> None:
        for view in View:
            ordered = sorted(
                (stretch.begin, stretch.end) for stretch in OFFENCES if stretch.view is view
            )
            assert all(end < begin for (_, end), (begin, _) in pairwise(ordered))


class TestPictures:
    def test_each_act_has_pictures_and_equal_seeds_give_equal_ones(self, cast: Cast) -> None:
        first, again = (
            pictures(cast, 0, Condition.POOR_CAMERA, np.random.default_rng(7)) for _ in range(2)
        )
        assert first == again
        assert set(first) == {
            Act.SIT, Act.DARK, Act.BLURRED, Act.CAMERA_COVERED, Act.ABSENT, Act.EXTRA_PERSON,
            Act.OTHER_FACE, Act.GLANCE, Act.LOOK_AWAY,
        }  # fmt: skip
        sizes = {
            Image.open(io.BytesIO(frame)).size for frames in first.values() for frame in frames
        }
        assert sizes == {(640, 480)}

    def test_a_lamp_that_goes_out_leaves_the_light_of_the_screen(self, cast: Cast) -> None:
        def light(condition: Condition) -> float:
            shown = pictures(cast, 0, condition, np.random.default_rng(7))[Act.DARK]
            return float(np.mean([np.asarray(Image.open(io.BytesIO(frame))) for frame in shown]))

        assert light(Condition.DIM) == pytest.approx(light(Condition.DAY), rel=0.2)

    def test_people_are_those_with_several_portraits(self) -> None:
        a, again, b = (HERE / f"{name}.jpg" for name in ("person_a", "person_a_again", "person_b"))
        chosen = choose_cast([], [Pair(a, again, same=True)], Materials(), 1)
        assert [len(person) for person in chosen.people] == [2]
        assert choose_cast([], [Pair(b, b, same=True)], Materials(), 1).people == []

    def test_people_labelled_as_sitting_properly_come_first(self) -> None:
        labels: dict[str, bool | None] = dict.fromkeys(LABELS, False)
        sitting = Scene(HERE / "person_a.jpg", "a", "first", 1, 1, labels, "", "ann")
        away = replace(sitting, labels={**labels, "looking_away": True}, group="bob")
        chosen = choose_cast([sitting, away], [], Materials(), 1)
        assert [len(person) for person in chosen.people] == [1]
        assert list(chosen.played) == [Act.LOOK_AWAY]


class TestJudge:
    def test_an_offence_is_found_with_its_delay(self) -> None:
        result = judge(played_hour([(FindingKind.ABSENT, ABSENCE)]), "standard")
        assert result.delays[ABSENCE] == FIRST_INTERVAL
        assert sum(delay is not None for delay in result.delays.values()) == 1
        assert (result.false, result.beside) == ((), ())

    def test_a_flag_in_the_normal_part_is_false(self) -> None:
        calm = Stretch(Act.SIT, View.FIRST, 100, 30)
        result = judge(played_hour([(FindingKind.LOOKING_AWAY, calm)]), "standard")
        assert [flag.kind for flag in result.false] == [FindingKind.LOOKING_AWAY]

    def test_another_kind_during_an_offence_stands_beside_it(self) -> None:
        result = judge(played_hour([(FindingKind.LOOKING_AWAY, ABSENCE)]), "standard")
        assert [flag.kind for flag in result.beside] == [FindingKind.LOOKING_AWAY]
        assert result.false == ()

    def test_the_tables_tell_counts_by_profile(self) -> None:
        calm = Stretch(Act.SIT, View.FIRST, 100, 30)
        hours = [
            played_hour([(FindingKind.ABSENT, ABSENCE)]),
            played_hour([(FindingKind.LOOKING_AWAY, calm)]),
        ]
        found, false = hours_tables(hours)
        assert "2 simulated hours (1 people)" in found.title
        absent = next(row for row in found.rows if row[0] == "absent")
        column = found.columns.index("standard 15 s")
        assert absent[column] == "1/2"
        standard = next(row for row in false.rows if row[0] == "standard")
        assert 0.5 < float(standard[1]) < 0.6  # one in two hours less the offences' seconds
        assert standard[3] == "1 of 2"
        assert "looking_away (first) 1" in standard[4]
        assert "looking_away (first) 1" in to_text([found, false])
        assert hours_tables([]) == []


def test_a_room_whose_sitter_is_unclear_is_followed_by_another(cast: Cast) -> None:
    looked = list[bytes]()

    def is_clear(frame: bytes) -> bool:
        looked.append(frame)
        return len(looked) > 1  # the first room is not

    def sitting(check: Callable[[bytes], bool]) -> list[bytes]:
        rng = np.random.default_rng(1)
        return side_pictures(cast, 0, Condition.DAY, 1, rng, check)[Act.SIT]

    second = sitting(is_clear)
    assert looked[0] != looked[1]
    first = sitting(lambda _: True)
    never = sitting(lambda _: False)
    assert never == first  # where no room is clear, the first one is taken
    assert second != first


def test_pictures_become_flags_as_in_the_product() -> None:
    stream = io.BytesIO()
    scenes.empty().save(stream, "JPEG")
    sitting = io.BytesIO()
    scenes.one_person("person_a.jpg").save(sitting, "JPEG")
    frames = [sitting.getvalue()] * 2 + [stream.getvalue()] * 3
    observations = observe(VisionPipeline.load(), frames, View.FIRST, FIRST_INTERVAL)
    assert observations[0].findings == ()
    assert (
        Finding(FindingKind.ABSENT, observations[2].findings[0].score) in observations[2].findings
    )
    (flag,) = flags_of(observations, STANDARD)
    assert flag.kind is FindingKind.ABSENT
    assert flag.opened_at - flag.began_at == FIRST_INTERVAL * SECOND
