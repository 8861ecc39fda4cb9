"""Who is there, by two fixed detectors: nobody is only if both see nobody."""

from typing import cast

import pytest
from PIL import Image

from functions.vision.boxes import Box
from functions.vision.detection import FrameDetector
from functions.vision.faces import FaceBox, FaceDetector
from functions.vision.objects import ObjectDetector
from functions.vision.rules import STANDARD
from tests.unit.vision.conftest import Encode
from tests.unit.vision.test_things import SIZE, FixedDetector


class NoFaces:
    """Finds no face in any picture."""

    def detect(self, _frame: object) -> list[FaceBox]:
        return []


def person(score: float) -> Box:
    return Box("person", score, 0.3, 0.2, 0.4, 0.8)


def persons(jpeg: Encode, first: FixedDetector, second: FixedDetector) -> list[Box]:
    detectors = [cast("ObjectDetector", detector) for detector in (first, second)]
    detector = FrameDetector(cast("FaceDetector", NoFaces()), *detectors)
    _, detections = detector.detect(jpeg(Image.new("RGB", SIZE)), "first", STANDARD)
    return [box for box in detections.objects if box.label == "person"]


@pytest.mark.parametrize(
    ("score", "is_seen"), [(STANDARD.present_again - 0.01, False), (STANDARD.present_again, True)]
)
def test_somebody_whom_only_the_second_detector_sees_is_there(
    jpeg: Encode, score: float, *, is_seen: bool
) -> None:
    likeliest = person(score)
    second = FixedDetector([person(score - 0.1), likeliest])
    assert persons(jpeg, FixedDetector(), second) == ([likeliest] if is_seen else [])


def test_second_detector_is_not_asked_about_somebody_whom_the_first_sees(jpeg: Encode) -> None:
    seen, second = person(STANDARD.present), FixedDetector([person(0.9)])
    assert persons(jpeg, FixedDetector([seen]), second) == [seen]
    assert second.looks == []
