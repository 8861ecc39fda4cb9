"""Robustness sets: each change does what it says, and what changed is counted right."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageStat

from chalicelib.domain.rules.findings import FindingKind
from functions.vision.boxes import Box
from functions.vision.faces import FaceBox
from functions.vision.pipeline import VisionPipeline
from models.evaluate.robustness.distortions import DISTORTIONS, Distortion, Portrait
from models.evaluate.robustness.measure import Cell, Row, distort, portraits
from models.evaluate.robustness.tables import robustness_tables
from models.evaluate.scenes import Pair, Scene
from tests.data.scenes import HERE, one_person

# The face of ``person_a.jpg`` in a frame of 320×240: see tests/data/scenes.py.
FACE = FaceBox(
    Box("face", 0.95, 252 / 640, 78 / 480, 80 / 640, 103 / 480),
    np.array([(136, 60), (156, 60), (146, 70), (138, 80), (154, 80)], np.float32),
)
BY_NAME: Mapping[str, Distortion] = {distortion.name: distortion for distortion in DISTORTIONS}


@pytest.fixture(scope="module")
def image() -> Image.Image:
    return one_person("person_a.jpg").reduce(2)


def changed(image: Image.Image, name: str, seed: int = 1) -> Image.Image:
    rng = np.random.default_rng(seed)
    result = BY_NAME[name].change(Portrait(image, FACE, rng))
    assert result is not None
    return result


class TestDistortions:
    def test_each_changes_the_picture_and_nothing_is_left_to_chance(
        self, image: Image.Image
    ) -> None:
        for name in BY_NAME.keys() - {"320×240"}:  # as large as this picture
            first, again = changed(image, name), changed(image, name)
            assert first.tobytes() == again.tobytes(), name
            assert first.size != image.size or ImageChops.difference(first, image).getbbox(), name

    @pytest.mark.parametrize("percent", [10, 20, 40, 60])
    def test_the_frame_cuts_this_much_of_the_face(self, image: Image.Image, percent: int) -> None:
        left, top, width, height = 126, 39, 40, 51.5
        sizes = {changed(image, f"cut by the frame, {percent} %", seed).size for seed in range(30)}
        part = percent / 100
        assert sizes == {
            (320 - round(left + part * width), 240),
            (round(left + (1 - part) * width), 240),
            (320, round(top + (1 - part) * height)),
        }

    def test_light_scales_the_brightness(self, image: Image.Image) -> None:
        before = ImageStat.Stat(image.convert("L")).mean[0]
        after = ImageStat.Stat(changed(image, "light ×0.3").convert("L")).mean[0]
        assert after == pytest.approx(0.3 * before, rel=0.05)

    def test_glasses_are_drawn_over_the_eyes_and_nowhere_else(self, image: Image.Image) -> None:
        for name in ("clear glasses drawn", "dark glasses drawn"):
            box = ImageChops.difference(changed(image, name), image).getbbox()
            assert box is not None
            assert box[0] > 115
            assert box[2] < 178
            assert box[1] > 48
            assert box[3] < 72
        eye = changed(image, "dark glasses drawn").convert("L").getpixel((136, 60))
        assert isinstance(eye, int)
        assert eye < 60

    def test_sizes_are_those_of_a_webcam(self, image: Image.Image) -> None:
        assert changed(image, "320×240").size == (320, 240)
        assert changed(image, "a face of 40 px").size == (640, 480)


class TestPortraits:
    def test_each_person_gives_one_picture(self, tmp_path: Path) -> None:
        pairs = [
            Pair(tmp_path / "ann" / "1.jpg", tmp_path / "ann" / "2.jpg", same=True),
            Pair(tmp_path / "bob" / "1.jpg", tmp_path / "ann" / "2.jpg", same=False),
        ]
        scene = Scene(tmp_path / "c.jpg", "c", "first", 1, 1, {}, "", "carl")
        side = replace(scene, view="second", group="dora")
        chosen = portraits([scene, side], pairs, 9, 1)
        assert {path.parent.name + path.name for path in chosen} == {
            "ann1.jpg",
            "bob1.jpg",
            f"{tmp_path.name}c.jpg",
        }
        assert portraits([scene], pairs, 2, 1) == portraits([scene], pairs, 9, 1)[:2]


def test_what_is_seen_of_a_portrait_is_counted_for_every_change() -> None:
    rows = distort(VisionPipeline.load(), [HERE / "person_a.jpg", HERE / "empty.jpg"], 1)
    assert {row.pictures for row in rows} == {1}
    by_name = {row.distortion.name: row for row in rows}
    assert "face_occluded" in by_name["dark glasses drawn"].cells
    assert all(cell.had + cell.without == 1 for row in rows for cell in row.cells.values())


def counted(name: str, cells: dict[str, Cell], pictures: int = 20) -> Row:
    return Row(BY_NAME[name], pictures, cells)


class TestTables:
    def test_the_worst_cell_is_named_with_its_counts(self) -> None:
        rows = [
            counted("tilt +35°", {"face_occluded": Cell(appeared=9, without=18, had=2)}),
            counted("mirrored", {"looking_away": Cell(appeared=1, without=20)}),
            counted("light ×0.15", {"too_dark": Cell(appeared=20, without=20)}),
            counted("dark glasses drawn", {"face_occluded": Cell(appeared=15, without=20)}),
        ]
        changes, required, worst = robustness_tables(rows)
        assert ("tilt +35°", "20", "+9/18", ".", ".") in changes.rows
        assert required.rows[0][:2] == ("dark glasses drawn", FindingKind.FACE_OCCLUDED.value)
        assert required.rows[0][2].startswith("15 of 20")
        assert worst.rows[0][:2] == ("tilt +35°", "face_occluded appears")
        assert worst.rows[0][2].startswith("9 of 18")
        assert all("too_dark" not in row[1] for row in worst.rows), "darkness is told rightly"

    def test_few_pictures_make_no_worst_cell(self) -> None:
        row = counted("mirrored", {"phone": Cell(appeared=3, without=3)}, 3)
        assert robustness_tables([row])[2].rows == []

    def test_nothing_is_told_without_pictures(self) -> None:
        assert robustness_tables([counted("mirrored", {}, 0)]) == []
