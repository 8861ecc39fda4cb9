"""The real models on webcam frames made of the pictures in tests/data."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from functions.vision.pipeline import View, VisionPipeline
from functions.vision.rules import STANDARD
from tests.data import scenes

Encode = Callable[[Image.Image], bytes]
VIEWS: list[View] = ["first", "second"]


@pytest.fixture(scope="session")
def reference(pipeline: VisionPipeline) -> np.ndarray:
    embedding = pipeline.embed((scenes.HERE / "person_a.jpg").read_bytes())
    assert embedding is not None
    return embedding


def kinds(
    pipeline: VisionPipeline, data: bytes, reference: np.ndarray | None = None, view: View = "first"
) -> set[str]:
    return {
        finding.kind.value
        for finding in pipeline.analyze(data, view=view, reference=reference).findings
    }


@pytest.mark.parametrize("view", VIEWS)
def test_one_person_gives_no_finding(
    pipeline: VisionPipeline, jpeg: Encode, reference: np.ndarray, view: View
) -> None:
    assert kinds(pipeline, jpeg(scenes.one_person("person_a.jpg")), reference, view) == set()


@pytest.mark.parametrize("light", [0.45, 0.7, 1.3])
def test_different_light_gives_no_finding(
    pipeline: VisionPipeline, jpeg: Encode, reference: np.ndarray, light: float
) -> None:
    frame = ImageEnhance.Brightness(scenes.one_person("person_a.jpg")).enhance(light)
    assert kinds(pipeline, jpeg(frame), reference) == set()


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_seat_is_absent_and_nothing_else(
    pipeline: VisionPipeline, jpeg: Encode, reference: np.ndarray, view: View
) -> None:
    assert kinds(pipeline, jpeg(scenes.empty()), reference, view) == {"absent"}


def test_two_persons_are_an_extra_person_and_the_candidate_is_recognised(
    pipeline: VisionPipeline, jpeg: Encode, reference: np.ndarray
) -> None:
    data = jpeg(scenes.two_people("person_a.jpg", "person_b.jpg"))
    assert kinds(pipeline, data, reference) == {"extra_person"}
    assert len(pipeline.analyze(data, view="first").persons) == 2


def test_two_persons_are_an_extra_person_in_the_second_view_too(
    pipeline: VisionPipeline, jpeg: Encode
) -> None:
    data = jpeg(scenes.two_people("person_a.jpg", "person_b.jpg"))
    assert kinds(pipeline, data, view="second") == {"extra_person"}


def test_another_face_is_an_identity_mismatch(
    pipeline: VisionPipeline, jpeg: Encode, reference: np.ndarray
) -> None:
    assert kinds(pipeline, jpeg(scenes.one_person("person_b.jpg")), reference) == {
        "identity_mismatch"
    }


def test_identity_is_not_judged_in_the_second_view(
    pipeline: VisionPipeline, jpeg: Encode, reference: np.ndarray
) -> None:
    data = jpeg(scenes.one_person("person_b.jpg"))
    assert kinds(pipeline, data, reference, "second") == set()


def test_identity_is_not_judged_without_a_reference(pipeline: VisionPipeline, jpeg: Encode) -> None:
    analysis = pipeline.analyze(jpeg(scenes.one_person("person_b.jpg")), view="first")
    assert analysis.findings == ()
    assert analysis.similarity is None


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_is_detected(
    pipeline: VisionPipeline, jpeg: Encode, reference: np.ndarray, view: View
) -> None:
    data = jpeg(scenes.holding_phone("person_a.jpg"))
    assert kinds(pipeline, data, reference, view) == {"phone"}


@pytest.mark.parametrize(
    ("person", "part"),
    [("person_a.jpg", "mouth"), ("person_b.jpg", "mouth"), ("person_a.jpg", "eyes")],
)
def test_a_covered_face_is_occluded_in_the_first_view_only(
    pipeline: VisionPipeline, jpeg: Encode, person: str, part: str
) -> None:
    data = jpeg(scenes.with_face_covered(person, part))
    assert kinds(pipeline, data) == {"face_occluded"}
    assert kinds(pipeline, data, view="second") == set()


@pytest.mark.parametrize("person", ["person_a.jpg", "person_b.jpg"])
def test_glasses_with_clear_lenses_do_not_occlude_a_face(
    pipeline: VisionPipeline, jpeg: Encode, person: str
) -> None:
    analysis = pipeline.analyze(jpeg(scenes.with_clear_glasses(person)), view="first")
    assert "face_occluded" not in {finding.kind for finding in analysis.findings}
    assert analysis.measures["glasses"] < 0.3


@pytest.mark.parametrize("light", [0.4, 0.7, 1.2])
def test_dark_glasses_occlude_a_face_in_any_light(
    pipeline: VisionPipeline, jpeg: Encode, light: float
) -> None:
    frame = scenes.with_face_covered("person_a.jpg", "eyes")
    assert kinds(pipeline, jpeg(ImageEnhance.Brightness(frame).enhance(light))) == {"face_occluded"}


@pytest.mark.parametrize("degrees", [-35, -25, -15, 15, 25, 35])
def test_a_tilted_open_face_is_not_occluded(
    pipeline: VisionPipeline, jpeg: Encode, degrees: int
) -> None:
    frame = scenes.tilted(scenes.one_person("person_a.jpg"), "person_a.jpg", degrees)
    assert "face_occluded" not in kinds(pipeline, jpeg(frame))


@pytest.mark.parametrize("degrees", [-20, 20])
def test_a_tilted_masked_face_is_occluded_in_every_look(
    pipeline: VisionPipeline, jpeg: Encode, degrees: int
) -> None:
    frame = scenes.with_face_covered("person_a.jpg", "mouth")
    tilted = scenes.tilted(frame, "person_a.jpg", degrees)
    assert "face_occluded" in kinds(pipeline, jpeg(tilted))


@pytest.mark.parametrize("degrees", [-35, -25, 25, 35])
def test_a_tilted_face_is_compared_upright(
    pipeline: VisionPipeline, jpeg: Encode, reference: np.ndarray, degrees: int
) -> None:
    frame = scenes.tilted(scenes.one_person("person_a.jpg"), "person_a.jpg", degrees)
    assert "identity_mismatch" not in kinds(pipeline, jpeg(frame), reference)
    stranger = scenes.tilted(scenes.one_person("person_b.jpg"), "person_b.jpg", degrees)
    assert "identity_mismatch" in kinds(pipeline, jpeg(stranger), reference)


@pytest.mark.parametrize("edge", ["left", "right", "top", "bottom"])
def test_a_face_of_which_60_percent_are_visible_is_asked_to_come_back(
    pipeline: VisionPipeline, jpeg: Encode, reference: np.ndarray, edge: str
) -> None:
    data = jpeg(scenes.cut_by_frame("person_a.jpg", edge, visible=0.6))
    assert kinds(pipeline, data, reference) == {"half_out_of_frame"}


@pytest.mark.parametrize("edge", ["left", "right", "top", "bottom"])
def test_a_face_that_fills_the_picture_is_not_cut(
    pipeline: VisionPipeline, jpeg: Encode, edge: str
) -> None:
    data = jpeg(scenes.cut_by_frame("person_a.jpg", edge, visible=1.0))
    assert "half_out_of_frame" not in kinds(pipeline, data)


def test_the_hand_check_runs_only_for_a_raised_anomaly_score(
    pipeline: VisionPipeline, jpeg: Encode
) -> None:
    frame = scenes.one_person("person_a.jpg")
    ordinary = pipeline.analyze(jpeg(frame), view="first")
    assert "hand" not in ordinary.measures
    ImageDraw.Draw(frame).rounded_rectangle((268, 141, 316, 181), 12, fill=(196, 150, 128))
    anomalous = pipeline.analyze(jpeg(frame), view="first")
    assert STANDARD.anomaly_hand_check < anomalous.measures["strange"] < STANDARD.anomaly
    assert anomalous.measures["hand"] < STANDARD.hand
    assert anomalous.findings == ()


def test_the_same_person_is_similar_and_another_is_not(
    pipeline: VisionPipeline, reference: np.ndarray
) -> None:
    again = pipeline.embed((scenes.HERE / "person_a_again.jpg").read_bytes())
    other = pipeline.embed((scenes.HERE / "person_b.jpg").read_bytes())
    assert again is not None
    assert other is not None
    assert float(again @ reference) > 0.6
    assert float(other @ reference) < 0.3


def test_an_embedding_is_a_unit_vector(reference: np.ndarray) -> None:
    assert reference.shape == (128,)
    assert reference.dtype == np.float32
    assert np.linalg.norm(reference) == pytest.approx(1, abs=1e-5)


def test_a_picture_without_a_face_has_no_embedding(pipeline: VisionPipeline) -> None:
    assert pipeline.embed((scenes.HERE / "empty.jpg").read_bytes()) is None


def test_an_analysis_has_boxes_models_and_timings(pipeline: VisionPipeline, jpeg: Encode) -> None:
    analysis = pipeline.analyze(jpeg(scenes.one_person("person_a.jpg")), view="first")
    (face,), (person,) = analysis.faces, analysis.persons
    assert (analysis.width, analysis.height) == scenes.FRAME
    assert face.within(person) > 0.9
    assert 0.4 < face.x + face.w / 2 < 0.6
    assert {"faces", "objects"} <= analysis.models.keys()
    assert {"decode", "faces", "objects"} <= analysis.timings_ms.keys()


def test_a_picture_is_rotated_by_its_exif_orientation(pipeline: VisionPipeline) -> None:
    frame = scenes.one_person("person_a.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    frame.transpose(Image.Transpose.ROTATE_90).save(stream, "JPEG", exif=exif)
    analysis = pipeline.analyze(stream.getvalue(), view="first")
    assert (analysis.width, analysis.height) == scenes.FRAME
    assert analysis.findings == ()


def test_the_analysis_is_deterministic(pipeline: VisionPipeline, jpeg: Encode) -> None:
    data = jpeg(scenes.two_people("person_a.jpg", "person_c.jpg"))
    first, second = (pipeline.analyze(data, view="first") for _ in range(2))
    assert (first.findings, first.persons, first.objects) == (
        second.findings,
        second.persons,
        second.objects,
    )
