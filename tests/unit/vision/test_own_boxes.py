"""What an institution's own detector adds to the product's own models, and what it cannot do."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from chalicelib.domain.rules.findings import FindingKind
from functions.vision.boxes import Box
from functions.vision.own_detector import OwnDetector, at_our_limits, merge
from functions.vision.pipeline import VisionPipeline, open_models
from functions.vision.rules import STANDARD
from models.manifest import MODELS_DIR
from tests.data.scenes import HERE
from tests.support.tiny_detectors import TinyDetector, detr, failing_on_white

Encode = Callable[[Image.Image], bytes]


def pipeline_with(tiny: TinyDetector, folder: Path) -> VisionPipeline:
    tiny.place(folder)
    return VisionPipeline(*open_models(MODELS_DIR), OwnDetector.load(folder))


def white_spot() -> Image.Image:
    """The picture of an empty room with a spot in which the tiny network sees a phone."""
    with Image.open(HERE / "empty.jpg") as image:
        room = image.convert("RGB")
    ImageDraw.Draw(room).rectangle((10, 10, 200, 200), "white")
    return room


def test_its_boxes_are_findings_and_the_observation_names_it(tmp_path: Path, jpeg: Encode) -> None:
    pipeline = pipeline_with(detr(), tmp_path)
    analysis = pipeline.analyze(jpeg(white_spot()), view="second")
    assert FindingKind.PHONE in {finding.kind for finding in analysis.findings}
    phone = next(box for box in analysis.objects if box.label == "phone")
    assert phone.score > STANDARD.phone
    assert analysis.models["own_detector"] == pipeline.own_detector
    assert analysis.models["own_detector"].startswith("Tiny 1.0, sha256 ")
    assert "own_detector" in analysis.timings_ms


def test_it_cannot_fill_an_empty_seat(tmp_path: Path, jpeg: Encode) -> None:
    """The tiny network sees a person too: who is there at all is for the product's models to say."""
    analysis = pipeline_with(detr(), tmp_path).analyze(jpeg(white_spot()), view="first")
    kinds = {finding.kind for finding in analysis.findings}
    assert FindingKind.ABSENT in kinds
    assert analysis.persons == ()


def test_where_it_fails_the_products_models_decide_and_the_observation_says_so(
    tmp_path: Path, jpeg: Encode, pipeline: VisionPipeline
) -> None:
    picture = jpeg(white_spot())
    analysis = pipeline_with(failing_on_white(), tmp_path).analyze(picture, view="second")
    assert analysis.models["own_detector_failed"].startswith("Tiny 1.0, sha256 ")
    assert "own_detector" not in analysis.models
    assert analysis.findings == pipeline.analyze(picture, view="second").findings


def test_without_one_observations_do_not_mention_it(tmp_path: Path, jpeg: Encode) -> None:
    assert OwnDetector.load(tmp_path) is None
    pipeline = VisionPipeline(*open_models(MODELS_DIR))
    assert pipeline.own_detector is None
    assert "own_detector" not in pipeline.analyze(jpeg(white_spot()), view="second").models


OURS = [Box("phone", 0.6, 0.1, 0.1, 0.2, 0.2), Box("person", 0.9, 0.2, 0.1, 0.6, 0.9)]


def test_it_hides_nothing_and_counts_nobody_twice() -> None:
    assert merge([], OURS) == OURS
    # A tighter box around the same person, one that scores higher, and another label there.
    same = [Box("person", 0.7, 0.3, 0.2, 0.3, 0.6), Box("phone", 0.8, 0.1, 0.1, 0.2, 0.19)]
    book = Box("book", 0.5, 0.1, 0.1, 0.2, 0.2)
    assert merge([*same, book], OURS) == [replace(OURS[0], score=0.8), OURS[1], book]
    helper = Box("person", 0.6, 0.8, 0.1, 0.2, 0.9)
    assert merge([helper], OURS) == [*OURS, helper]


@pytest.mark.parametrize(
    ("label", "threshold"),
    [
        ("person", STANDARD.person),
        ("phone", STANDARD.phone),
        ("book", STANDARD.book),
        ("tv", STANDARD.screen),
        ("laptop", STANDARD.screen),
    ],
)
def test_its_limit_becomes_the_products(label: str, threshold: float) -> None:
    scores = (0.5, 0.75, 1.0)
    boxes = at_our_limits([Box(label, score, 0, 0, 1, 1) for score in scores], "first", STANDARD)
    assert boxes[0].score >= threshold
    assert boxes[0].score == pytest.approx(threshold, abs=1e-3)
    assert boxes[1].score == pytest.approx((1 + threshold) / 2, abs=1e-3)
    assert boxes[2].score == 1
