"""The fit of dark glasses: its drawings, its arithmetic, and the numbers in the code."""

import numpy as np
import pytest
from PIL import Image

from functions import MODELS_DIR, open_model
from functions.vision.dark_glasses import dark_glasses_score
from functions.vision.face_embedding import align_face
from functions.vision.faces import FaceBox, FaceDetector, detector_input
from functions.vision.image_decoding import DecodedPicture
from models.fit.dark_glasses import Sample, cross_validated_scores, fit, judge
from models.fit.drawn_glasses import (
    as_cameras_see,
    in_other_light,
    seeded,
    with_glasses,
    with_shadowed_eyes,
)
from tests.data import scenes

PERSONS = ("person_a.jpg", "person_b.jpg")


@pytest.fixture(scope="module")
def faces() -> dict[str, FaceBox]:
    session, _ = open_model(MODELS_DIR / "faces.onnx")
    detector = FaceDetector(session)
    frames = {person: scenes.one_person(person) for person in PERSONS}
    return {
        person: detector.detect(detector_input(DecodedPicture(frame, *frame.size)))[0]
        for person, frame in frames.items()
    }


def score(image: Image.Image, face: FaceBox) -> float:
    colours = align_face(image, face).astype(np.float32)
    return dark_glasses_score(colours, colours.mean(axis=2))


@pytest.mark.parametrize("person", PERSONS)
def test_drawn_dark_glasses_are_told_from_clear_ones_and_from_shadow(
    faces: dict[str, FaceBox], person: str
) -> None:
    frame, face = scenes.one_person(person), faces[person]
    eyes = face.keypoints[:2]
    dark = [score(with_glasses(frame, eyes, seeded(seed), dark=True), face) for seed in range(12)]
    clear = [score(with_glasses(frame, eyes, seeded(seed), dark=False), face) for seed in range(12)]
    shadowed = [score(with_shadowed_eyes(frame, eyes, seeded(seed)), face) for seed in range(12)]
    assert sum(value >= 0.5 for value in dark) >= 9
    assert max(clear) < 0.5
    assert max(shadowed) < 0.5  # who has deep-set eyes is never suspected


@pytest.mark.parametrize("person", PERSONS)
def test_open_eyes_are_no_dark_glasses_in_any_light(faces: dict[str, FaceBox], person: str) -> None:
    frame = scenes.one_person(person)
    scores = [score(in_other_light(frame, seeded(seed)), faces[person]) for seed in range(24)]
    assert max(scores) < 0.5


@pytest.mark.parametrize("person", PERSONS)
def test_shadowed_eyes_are_no_dark_glasses_in_a_dim_room_or_on_a_poor_camera(
    faces: dict[str, FaceBox], person: str
) -> None:
    frame, face = scenes.one_person(person), faces[person]
    width = face.box.w * frame.width
    for seed in range(6):
        shadowed = with_shadowed_eyes(frame, face.keypoints[:2], seeded(seed))
        seen = as_cameras_see(shadowed, width, seeded(seed))
        assert len(seen) == 3
        assert max(score(image, face) for image in seen) < 0.5


def test_drawings_are_deterministic(faces: dict[str, FaceBox]) -> None:
    frame, eyes = scenes.one_person("person_a.jpg"), faces["person_a.jpg"].keypoints[:2]

    def draw(seed: int) -> bytes:
        random = seeded(seed)
        drawing = with_shadowed_eyes(with_glasses(frame, eyes, random, dark=True), eyes, random)
        return in_other_light(drawing, random).tobytes()

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


def samples(*, apart: float) -> list[Sample]:
    rng = np.random.default_rng(0)
    return [
        Sample(
            f"person {number}",
            np.array([rng.normal() + apart * (number % 2), rng.normal()], np.float32),
            dark=number % 2 == 1,
            weight=1.0,
            real=True,
        )
        for number in range(200)
    ]


def test_the_fit_finds_what_separates() -> None:
    weights, _ = fit(samples(apart=3.0))
    assert weights[0] > 1
    assert abs(weights[1]) < weights[0] / 4


def test_held_out_persons_say_when_there_is_nothing_to_find() -> None:
    nothing, much = samples(apart=0.0), samples(apart=6.0)
    _, found, false = judge(much, cross_validated_scores(much))
    assert found.value > 0.9
    assert false.value <= 0.01
    _, found, _ = judge(nothing, cross_validated_scores(nothing))
    assert found.value < 0.1
