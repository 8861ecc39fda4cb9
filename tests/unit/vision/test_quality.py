"""Pictures of poor quality (covered, dark, blurred): their measures, and the models' findings."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFilter

from functions.vision.boxes import FloatArray
from functions.vision.pipeline import View, VisionPipeline
from functions.vision.quality import MeasuredQuality
from tests.data import scenes

Encode = Callable[[Image.Image], bytes]
VIEWS: list[View] = ["first", "second"]


def grainy(values: np.ndarray, deviation: float) -> Image.Image:
    grain = np.random.default_rng(7).normal(0, deviation, values.shape)
    return Image.fromarray(np.clip(values + grain, 0, 255).astype(np.uint8))


def surface(*colour: float) -> FloatArray:
    return np.full((480, 640, 3), colour, np.float32)


def thumb() -> FloatArray:
    """Return the red light that shines through a thumb on the lens."""
    across = np.linspace(0, 1, 640, dtype=np.float32)[:, None]
    return surface(120, 40, 30) + across * surface(80, 16, 8)[:1, :1]


COVERED = {"black": surface(4, 4, 4), "tape": surface(120, 118, 110), "thumb": thumb()}


def kinds(pipeline: VisionPipeline, data: bytes, view: View = "first") -> set[str]:
    return {finding.kind.value for finding in pipeline.analyze(data, view=view).findings}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("grain", [0, 4, 10])
@pytest.mark.parametrize("lens", COVERED.values(), ids=COVERED.keys())
def test_a_covered_camera_is_detected(
    pipeline: VisionPipeline, jpeg: Encode, lens: np.ndarray, grain: int, view: View
) -> None:
    assert kinds(pipeline, jpeg(grainy(lens, grain)), view) == {"camera_covered"}


def test_an_unlit_room_with_a_face_gives_no_finding(pipeline: VisionPipeline, jpeg: Encode) -> None:
    frame = np.asarray(scenes.one_person("person_a.jpg"), np.float32)
    for light in (0.25, 0.1):
        assert kinds(pipeline, jpeg(grainy(frame * light, 3))) == set()


def test_an_unlit_room_without_a_face_is_too_dark(pipeline: VisionPipeline, jpeg: Encode) -> None:
    frame = np.asarray(scenes.empty(), np.float32)
    assert kinds(pipeline, jpeg(grainy(frame * 0.2, 3))) == {"too_dark"}


@pytest.mark.parametrize("radius", [8, 12])
def test_a_blurred_face_is_too_blurred_and_not_a_violation(
    pipeline: VisionPipeline, jpeg: Encode, radius: int
) -> None:
    frame = scenes.one_person("person_a.jpg").filter(ImageFilter.GaussianBlur(radius))
    assert kinds(pipeline, jpeg(frame)) == {"too_blurred"}


def test_blur_lowers_the_sharpness_only() -> None:
    clear = scenes.one_person("person_a.jpg")
    blurred = clear.filter(ImageFilter.GaussianBlur(6))
    assert MeasuredQuality(blurred).sharpness < MeasuredQuality(clear).sharpness / 4
    assert MeasuredQuality(blurred).light == pytest.approx(MeasuredQuality(clear).light, rel=0.02)


@pytest.mark.parametrize("size", [(32, 32), (33, 1279), (1280, 32)])
def test_the_narrowest_pictures_can_be_measured(size: tuple[int, int]) -> None:
    quality = MeasuredQuality(Image.new("RGB", size, (9, 9, 9)))
    assert (quality.light, quality.brightest, quality.texture, quality.sharpness) == (9, 9, 0, 0)


def test_only_measures_that_were_needed_are_recorded() -> None:
    quality = MeasuredQuality(scenes.one_person("person_a.jpg"))
    assert quality.measures().keys() == {"light"}
    assert quality.brightest > quality.light
    assert quality.measures().keys() == {"light"}
    assert quality.sharpness == quality.measures()["sharpness"]
    assert quality.texture == quality.measures()["texture"]
    assert list(quality.measures()) == ["light", "texture", "sharpness"]
