"""Phones, books and what stands in the view, by the looks of two fixed detectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from PIL import Image

from chalicelib.domain.monitoring.standing import STANDING_SIGHTINGS, SeenThing
from functions.vision.boxes import Box
from functions.vision.image_decoding import DecodedPicture
from functions.vision.looks import Looks, tiles_of
from functions.vision.objects import SHRINK, STRETCH, DetectorInput, Resize
from functions.vision.things import find_things, merge_tiles, stands

SIZE = (960, 540)
PHONE = Box("phone", 0.36, 0.1, 0.8, 0.1, 0.08)
OTHER = Box("phone", 0.25, 0.6, 0.5, 0.1, 0.08)
BOOK = Box("book", 0.5, 0.7, 0.1, 0.2, 0.3)


@dataclass
class FixedDetector:
    """Finds the same boxes in each look of one kind; remembers the sizes that it looked at."""

    near: Sequence[Box] = ()
    far: Sequence[Box] = ()
    tile: Sequence[Box] = ()
    looks: list[str] = field(default_factory=list)

    def prepare(self, image: Image.Image, resize: Resize = STRETCH) -> DetectorInput:
        is_tile = image.size not in {SIZE, (SIZE[0] // 2, SIZE[1] // 2)}
        name = "tile" if is_tile else "far" if resize == SHRINK else "near"
        return DetectorInput(np.zeros(0, np.uint8), np.zeros(1, np.float32), _named(name))

    def detect(self, frame: DetectorInput, min_score: float) -> list[Box]:
        name = _NAMES[int(frame.extent[0])]
        self.looks.append(name)
        boxes: Sequence[Box] = getattr(self, name)
        return [box for box in boxes if box.score >= min_score]


_NAMES = ("near", "far", "tile")


def _named(name: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([_NAMES.index(name)], np.float32)


def looks_of(first: FixedDetector, second: FixedDetector, *, tiled: bool = False) -> Looks:
    picture = DecodedPicture(Image.new("RGB", SIZE), *SIZE)
    return Looks(picture, first, second, tiled=tiled)


def standing_at(box: Box) -> SeenThing:
    left, top, width, height = (round(value * 1000) for value in (box.x, box.y, box.w, box.h))
    return SeenThing(box.label, (left, top, width, height), STANDING_SIGHTINGS)


class TestPhone:
    def test_score_rewards_agreement(self) -> None:
        first, second = FixedDetector([PHONE], [PHONE]), FixedDetector([PHONE])
        phone = find_things(looks_of(first, second), []).phone
        assert phone is not None
        assert phone.score == pytest.approx(0.36)
        alone = find_things(looks_of(first, FixedDetector()), []).phone
        assert alone is not None
        assert alone.score == pytest.approx(0.09)

    def test_faint_sign_is_looked_at_from_afar_and_a_better_one_again(self) -> None:
        empty, second = FixedDetector(), FixedDetector([PHONE])
        assert find_things(looks_of(empty, second), []).phone is None
        assert (empty.looks, second.looks) == (["near"], [])
        faint = replace(PHONE, score=0.07)
        first = FixedDetector([faint])
        assert find_things(looks_of(first, second), []).phone is None
        assert (first.looks, second.looks) == (["near", "far"], [])
        held_to_the_camera = FixedDetector([faint], far=[replace(PHONE, score=0.9)])
        find_things(looks_of(held_to_the_camera, second), [])
        assert second.looks == ["near"]

    def test_tiles_are_looked_at_in_the_second_view_only(self) -> None:
        small = FixedDetector(tile=[PHONE])
        assert find_things(looks_of(small, FixedDetector()), []).phone is None
        tiled = looks_of(small, FixedDetector(tile=[PHONE]), tiled=True)
        phone = find_things(tiled, []).phone
        assert phone is not None
        assert phone.score == pytest.approx(0.36)
        # In the first tile, whose width is 37.5 % of the picture's and whose height is 67 %.
        assert (phone.x, phone.y) == pytest.approx((0.0375, 0.536))
        assert small.looks.count("tile") == 6

    def test_faint_sign_in_a_tile_is_looked_at_again(self) -> None:
        faint = FixedDetector(tile=[replace(PHONE, score=0.06)])
        sure = FixedDetector(tile=[replace(PHONE, score=0.6)])
        phone = find_things(looks_of(faint, sure, tiled=True), []).phone
        assert phone is not None
        assert phone.score >= 0.18
        unsure = FixedDetector(tile=[replace(PHONE, score=0.3)])
        assert find_things(looks_of(faint, unsure, tiled=True), []).phone is None

    def test_second_detector_looks_at_one_tile_at_most(self) -> None:
        second = FixedDetector()
        things = find_things(looks_of(FixedDetector(tile=[PHONE, BOOK]), second, tiled=True), [])
        assert things.phone is not None
        assert things.book is not None
        assert second.looks == ["tile"]

    @pytest.mark.parametrize(
        ("face", "is_phone"),
        [
            (Box("face", 0.8, 0.05, 0.7, 0.2, 0.3), False),  # a mask
            (Box("face", 0.8, 0.16, 0.7, 0.2, 0.3), True),  # a phone at the ear
            (Box("face", 0.8, 0.12, 0.81, 0.05, 0.05), True),  # a face on its screen
        ],
    )
    def test_what_lies_within_a_face_is_no_phone(
        self,
        face: Box,
        is_phone: bool,  # noqa: FBT001
    ) -> None:
        looks = looks_of(FixedDetector([PHONE]), FixedDetector([PHONE]))
        assert (find_things(looks, [], [face]).phone is not None) is is_phone


class TestBook:
    @pytest.mark.parametrize(("second", "score"), [([], 0.125), ([BOOK], 0.5)])
    def test_score_rewards_agreement(self, second: list[Box], score: float) -> None:
        book = find_things(looks_of(FixedDetector([BOOK]), FixedDetector(second)), []).book
        assert book is not None
        assert book.score == pytest.approx(score)

    @pytest.mark.parametrize("label", ["laptop", "tv"])
    def test_what_may_as_well_be_a_computer_is_no_book(self, label: str) -> None:
        computer = replace(BOOK, label=label, score=0.12, w=0.22)
        seen = FixedDetector([BOOK, computer])
        assert find_things(looks_of(seen, FixedDetector([BOOK])), []).book is None

    @pytest.mark.parametrize(
        "other",
        [
            replace(BOOK, label="laptop", score=0.09),
            replace(BOOK, label="laptop", w=0.5),
            replace(BOOK, label="keyboard"),
        ],
    )
    def test_a_book_before_a_computer_is_one(self, other: Box) -> None:
        seen = FixedDetector([BOOK, other])
        assert find_things(looks_of(seen, FixedDetector([BOOK])), []).book is not None

    def test_second_detector_is_asked_once_for_phone_and_book(self) -> None:
        first, second = FixedDetector([PHONE, BOOK], [PHONE]), FixedDetector([BOOK])
        find_things(looks_of(first, second), [])
        assert second.looks == ["near"]

    def test_second_detector_is_not_asked_without_cause(self) -> None:
        faint, second = FixedDetector([replace(BOOK, score=0.05)]), FixedDetector([BOOK])
        assert find_things(looks_of(faint, second), []).book is None
        assert second.looks == []


class TestStanding:
    def test_what_stands_does_not_count_and_is_still_seen(self) -> None:
        first = FixedDetector([PHONE, BOOK], [PHONE])
        standing = [standing_at(PHONE), standing_at(BOOK)]
        things = find_things(looks_of(first, FixedDetector([PHONE])), standing)
        assert (things.phone, things.book) == (None, None)
        assert [(box.label, box.score) for box in things.standing] == [
            ("phone", 0.36),
            ("book", 0.5),
        ]

    def test_weaker_phone_elsewhere_counts_beside_a_calculator_that_stands(self) -> None:
        first = FixedDetector([PHONE, OTHER], [PHONE, OTHER])
        phone = find_things(looks_of(first, FixedDetector([OTHER])), [standing_at(PHONE)]).phone
        assert phone is not None
        assert phone.x == OTHER.x
        assert phone.score == pytest.approx(OTHER.score)

    def test_phone_at_the_same_place_with_another_size_counts(self) -> None:
        near = replace(PHONE, w=0.3, h=0.3)
        assert not stands(near, [standing_at(PHONE)])
        assert stands(replace(PHONE, x=0.12), [standing_at(PHONE)])

    def test_standing_thing_that_no_look_shows_is_not_reported(self) -> None:
        things = find_things(looks_of(FixedDetector(), FixedDetector()), [standing_at(PHONE)])
        assert things.standing == ()


class TestTiles:
    @pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (500, 500)])
    def test_six_tiles_overlap_and_cover_the_picture(self, size: tuple[int, int]) -> None:
        tiles = tiles_of(*size)
        covered = np.zeros((100, 100), int)
        for tile in tiles:
            rows = slice(round(tile.y * 100), round((tile.y + tile.h) * 100))
            covered[rows, round(tile.x * 100) : round((tile.x + tile.w) * 100)] += 1
        assert len(tiles) == 6
        assert covered.min() == 1
        assert covered.max() == 4
        assert max(tile.crop(Image.new("RGB", size)).width for tile in tiles) <= size[0] * 0.68

    def test_computer_that_only_a_tile_shows_is_added_once(self) -> None:
        laptop = Box("laptop", 0.6, 0.5, 0.4, 0.2, 0.2)
        again = replace(laptop, score=0.5, x=0.51)
        person = Box("person", 0.9, 0.0, 0.0, 0.3, 0.6)
        assert merge_tiles([person], [[laptop, person], [again]]) == [person, laptop]
        assert merge_tiles([laptop], [[again]]) == [laptop]
        assert merge_tiles([], [[replace(laptop, score=0.2)]]) == []
