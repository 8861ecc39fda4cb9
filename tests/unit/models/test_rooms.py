"""Composed rooms: seeded, of the second view's geometry, and labelled as pictures are."""

import csv
import io
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chalicelib.domain.rules.findings import Finding, FindingKind
from functions.vision.pipeline import VisionPipeline
from models.evaluate.rooms.__main__ import main
from models.evaluate.rooms.compose import PHONE_SIDES, Materials, Place, RoomPlan, compose, plans
from models.evaluate.rooms.cutouts import CutOut, Cutter
from models.evaluate.rooms.materials import gather
from models.evaluate.rooms.matting import matte
from models.evaluate.rooms.measure import SeenRoom, look, room_tables
from models.evaluate.scenes import Pair, Scene, read_scenes
from tests.data import scenes
from tests.data.scenes import HERE


def decoded(frame: bytes) -> Image.Image:
    return Image.open(io.BytesIO(frame)).convert("RGB")


def in_room(place: Place, *, phone_side: int = 120, number: int = 0) -> RoomPlan:
    return RoomPlan(number, phone_side, place, behind=True, covered=False)


class TestPlans:
    def test_there_are_as_many_rooms_without_a_phone_as_with_one(self) -> None:
        sides = Counter(plan.phone_side for plan in plans(16))
        assert sides == {0: 16 * len(PHONE_SIDES), **dict.fromkeys(PHONE_SIDES, 16)}

    def test_every_place_is_seen_with_every_size(self) -> None:
        seen = {(plan.phone_side, plan.place) for plan in plans(16) if plan.phone_side}
        assert len(seen) == len(PHONE_SIDES) * len(Place)

    def test_a_lap_is_never_seen_through_the_desk(self) -> None:
        assert all(plan.behind for plan in plans(16) if plan.place is Place.LAP)


class TestCompose:
    def test_equal_seeds_give_equal_bytes_and_others_do_not(self) -> None:
        plan = in_room(Place.HAND)
        first, again, other = (compose(plan, Materials(), seed, 1) for seed in (1, 1, 2))
        assert first.frames == again.frames
        assert first.frames != other.frames
        assert decoded(first.frames[0]).size == (1280, 720)

    @pytest.mark.parametrize("place", Place)
    def test_only_what_is_held_differs_without_a_phone(self, place: Place) -> None:
        with_phone, without = (
            np.asarray(decoded(compose(plan, Materials(), 3, 1).frames[0]).reduce(8), float)
            for plan in (in_room(place), in_room(place, phone_side=0, number=1))
        )
        # Light and colour differ from shot to shot: compare what stands out of it.
        ratio = (with_phone + 9) / (without + 9)
        change = np.abs(ratio / np.median(ratio, (0, 1)) - 1).max(2) > 0.25
        rows, columns = np.nonzero(change)
        assert len(rows), "a phone is seen"
        assert np.percentile(columns, 95) - np.percentile(columns, 5) < 60
        assert np.percentile(rows, 95) - np.percentile(rows, 5) < 60

    def test_a_photographed_phone_is_pasted_at_the_size_asked_for(self) -> None:
        piece = Image.new("RGBA", (40, 80), (255, 0, 255, 255))
        materials = Materials(phones=(CutOut(piece, "pink", 80, (20, 40)),))
        rooms = (compose(in_room(Place.HAND, number=2 * n), materials, 5, 1) for n in range(4))
        room = next(room for room in rooms if room.phone == "pink")
        red, green, blue = np.moveaxis(np.asarray(decoded(room.frames[0]), float), 2, 0)
        pink = (np.minimum(red, blue) > 120) & (green < 0.2 * red)
        assert pink.sum() == pytest.approx(120 * 60, rel=0.08)


class TestCutOuts:
    def test_a_matte_follows_the_colours(self) -> None:
        image = Image.new("RGB", (100, 100), (30, 90, 40))
        image.paste((200, 60, 60), (30, 30, 70, 90))
        inside, outside = np.zeros((2, 100, 100), bool)
        inside[45:55, 45:55], outside[:10] = True, True
        mask = matte(image, inside, outside)
        assert mask[60, 50] > 0.9
        assert mask[20, 50] < 0.1
        assert mask[95, 5] < 0.1

    def test_heads_phones_and_rooms_are_found_in_a_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "hand.jpg"
        scenes.holding_phone("person_a.jpg").save(path)
        portrait, again = HERE / "person_a.jpg", HERE / "person_a_again.jpg"
        labels: dict[str, bool | None] = {"phone": True}
        labelled = [Scene(path, "hand", "first", 1, 1, labels, "")]
        materials = gather(labelled, [Pair(portrait, again, same=True)], 1, Cutter())
        assert [head.source for head in materials.heads]
        for head in materials.heads:
            alpha = np.asarray(head.image.getchannel("A"))
            x, y = (round(value) for value in head.centre)
            assert alpha[y, x] > 250
            assert alpha[0, 0] < 5
        assert all(phone.source == "hand.jpg" for phone in materials.phones)


def test_rooms_are_written_as_a_folder_that_can_be_evaluated(tmp_path: Path) -> None:
    out = tmp_path / "rooms"
    assert main([str(tmp_path), "--out", str(out), "--count", "1", "--frames", "1"]) == 0
    problems: list[str] = []
    rooms = list(read_scenes(out, problems))
    assert problems == []
    assert [room.labels["phone"] for room in islice(rooms, 2)] == [True, False]
    assert len(rooms) == 2 * len(PHONE_SIDES)
    assert all(room.path.is_file() and room.view == "second" for room in rooms)
    with (out / "scenes.csv").open(encoding="utf-8") as stream:
        groups = [row["group"] for row in csv.DictReader(stream)]
    assert len(set(groups)) == len(PHONE_SIDES)


@pytest.fixture(scope="module")
def seen() -> SeenRoom:
    plan = in_room(Place.DESK, phone_side=0, number=1)
    (room,) = look(VisionPipeline.load(), [compose(plan, Materials(), 2, 1)])
    return room


class TestMeasure:
    def test_a_sitter_at_a_computer_is_seen(self, seen: SeenRoom) -> None:
        assert len(seen.analyses[0].persons) == 1
        assert any(box.label in ("tv", "laptop") for box in seen.analyses[0].objects)
        assert seen.flagged <= {FindingKind.STANDING_THING}

    def test_figures_are_told_by_size_and_as_simulated(self, seen: SeenRoom) -> None:
        found = (Finding(FindingKind.PHONE, 0.8),)
        held = replace(
            seen,
            room=replace(seen.room, plan=in_room(Place.LAP, phone_side=90)),
            analyses=(replace(seen.analyses[0], findings=found), seen.analyses[0]),
            flagged=frozenset({FindingKind.PHONE}),
        )
        phones, places, placement = room_tables([seen, held])
        assert all("simulated" in table.title for table in (phones, places, placement))
        rows = {row[0]: row[1:] for row in phones.rows}
        assert rows["90 px"][0].startswith("1 of 2")
        assert rows["90 px"][1].startswith("1 of 1")
        assert rows["none"][0].startswith("0 of 1")
        assert ("place: lap", rows["90 px"][0]) in places.rows
        assert placement.rows[0][1].startswith("3 of 3")
