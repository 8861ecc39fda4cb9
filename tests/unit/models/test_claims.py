"""The table of claims: counts beside goals, by view, and which set the pictures belong to."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from chalicelib.domain.monitoring.baseline import NO_SIGNATURES
from chalicelib.domain.rules.findings import Finding, FindingKind
from functions.vision.pipeline import FrameAnalysis, View
from models.evaluate.claims import PictureSet, claims_table
from models.evaluate.measure import EvaluatedScene
from models.evaluate.scenes import Scene
from models.evaluate.tables import Table


@dataclass(frozen=True)
class GoodQuality:
    """A picture that is bright and sharp."""

    light: float = 120.0
    brightest: float = 220.0
    texture: float = 40.0
    sharpness: float = 1.0


def seen(
    view: View, *kinds: FindingKind, phone: bool | None, group: str = "", notes: str = ""
) -> EvaluatedScene:
    labels = {"phone": phone, "book": None, "face_occluded": None, "looking_away": None}
    scene = Scene(
        Path("x.jpg"), "x", view, None, None, {**labels, "looking_down": None}, notes, group
    )
    analysis = FrameAnalysis(
        width=640,
        height=480,
        faces=(),
        persons=(),
        objects=(),
        findings=tuple(Finding(kind, 0.9) for kind in kinds),
        similarity=None,
        quality=GoodQuality(),
        measures={},
        signatures=NO_SIGNATURES,
        timings_ms={},
        models={},
    )
    return EvaluatedScene(scene, analysis, 100.0)


def test_a_claim_is_told_for_all_views_and_for_each() -> None:
    results = [
        seen("first", FindingKind.PHONE, phone=True, group="a"),
        seen("first", phone=True, group="b"),
        seen("first", phone=False, group="c"),
        seen("second", phone=True, group="d"),
        seen("second", FindingKind.PHONE, phone=False, group="e"),
    ]
    (table,) = claims_table(results, PictureSet.CHECK)
    rows = {(row[0], row[1]): row for row in table.rows}
    assert rows["phone", "all"][2].startswith("1 of 3")
    assert rows["phone", "all"][3:6:2] == ("≥ 45%", "≤ 2%")
    assert rows["phone", "first"][2].startswith("1 of 2")
    assert rows["phone", "second"][4].startswith("1 of 1")
    assert rows["phone", "all"][-1] == "fewer than 30"
    assert rows["- seen from the side", "second"][2].startswith("0 of 1")


@pytest.mark.parametrize("used_as", PictureSet)
def test_the_heading_says_what_the_pictures_are_used_for(used_as: PictureSet) -> None:
    (table,) = claims_table([seen("first", phone=True)], used_as)
    assert used_as.value in table.title
    assert used_as.told in table.title


def test_frames_of_a_video_are_counted_as_one_group() -> None:
    results = [seen("first", FindingKind.PHONE, phone=True, group="video") for _ in range(40)]
    (table,) = claims_table(results, PictureSet.TUNE)
    row = next(row for row in table.rows if row[0] == "phone")
    assert row[2] == "40 of 40: 100.0% [21%, 100%]"
    assert row[6] == "1 / 0"


def test_part_of_a_claim_is_told_by_its_notes() -> None:
    results = [seen("first", phone=None, notes="wears sunglasses")]
    results[0].scene.labels["face_occluded"] = True
    (table,) = claims_table(results, PictureSet.TUNE)
    assert any(row[0] == "- dark glasses" and row[2].startswith("0 of 1") for row in table.rows)


def test_without_labelled_pictures_there_is_no_table() -> None:
    assert claims_table([], PictureSet.TUNE) == []


def test_a_table_has_as_many_cells_as_columns() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        Table("misprinted", ("", "share"), [("one", "two", "three")])
