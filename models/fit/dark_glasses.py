"""Fit the dark glasses' model: ``python -m models.fit.dark_glasses FOLDER LABELS``.

LABELS is a CSV with ``file`` (a portrait in FOLDER, whose name without the number is the person's),
``glasses`` (dark, tinted, clear or none) and ``covered`` (1 or 0). Tinted ones are not used. A
portrait without glasses of each person is also drawn with dark and with clear ones, with shadowed
eyes, and in other light; all are seen as they are, in a dim room, and by a poor camera. Prints the
weights, and what held-out persons' real portraits give (ten folds).
"""

import argparse
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions import MODELS_DIR, open_model
from functions.vision.boxes import FloatArray
from functions.vision.dark_glasses import face_measures
from functions.vision.face_embedding import Crop, align_face
from functions.vision.faces import FaceBox, FaceDetector, detector_input
from functions.vision.image_decoding import decode_picture
from models.evaluate.scoring import Share
from models.fit.drawn_glasses import (
    as_cameras_see,
    in_other_light,
    seeded,
    with_glasses,
    with_shadowed_eyes,
)

FOLDS = 10
MAX_FALSE = 0.005
_SEED = 13
# Real dark glasses are rare. Drawn ones count twice: they are what shows clear lenses in any light.
_WEIGHTS = {"dark": 8.0, "clear": 2.0, "none": 1.0, "drawn": 2.0, "shadow": 0.9}
_KEYPOINT_NOISE = 0.02  # of the distance between the eyes

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sample:
    """The measures of one portrait, whether its glasses are dark, and its weight.

    ``real`` are the portraits as they are, by which the model is judged.
    """

    person: str
    measures: FloatArray
    dark: bool
    weight: float
    real: bool


def main(arguments: list[str] | None = None) -> None:
    """Fit and cross-validate; print both."""
    parser = argparse.ArgumentParser(prog="python -m models.fit.dark_glasses", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("labels", type=Path)
    options = parser.parse_args(arguments)
    samples = list(read_samples(options.folder, options.labels))
    scores = cross_validated_scores(samples)
    limit, found, false = judge(samples, scores)
    weights, bias = fit(samples)
    print(f"weights {weights.round(2).tolist()}, bias with the limit {bias - limit:.2f}")
    print(f"held out: dark glasses {found}, others {false}")


def read_samples(folder: Path, labels: Path) -> Iterator[Sample]:
    """Measure every labelled portrait, and its drawn variants."""
    session, _ = open_model(MODELS_DIR / "faces.onnx")
    detector = FaceDetector(session)
    random = seeded(_SEED)
    with labels.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    drawn: set[str] = set()
    for row in rows:
        glasses = row["glasses"]
        if glasses == "tinted" or (row["covered"] == "1" and glasses != "dark"):
            continue
        picture = decode_picture((folder / row["file"]).read_bytes())
        faces = detector.detect(detector_input(picture))
        if not faces:
            continue
        face = max(faces, key=lambda face: face.box.area)
        person = re.sub(r"_\d+$", "", Path(row["file"]).stem)
        width = face.box.w * picture.image.width
        for number, seen in enumerate(as_cameras_see(picture.image, width, random)):
            measures = measure(align_face(seen, face))
            real = number == 0
            yield Sample(person, measures, glasses == "dark", _WEIGHTS[glasses], real=real)
        if glasses == "none" and person not in drawn:
            drawn.add(person)
            yield from _drawn(person, picture.image, face, random)


def _drawn(person: str, image: Image.Image, face: FaceBox, random: Random) -> Iterator[Sample]:
    eyes = face.keypoints[:2]
    spread = _KEYPOINT_NOISE * float(np.linalg.norm(eyes[1] - eyes[0]))
    drawings = {
        "dark": with_glasses(image, eyes, random, dark=True),
        "clear": with_glasses(image, eyes, random, dark=False),
        "shadow": with_shadowed_eyes(image, eyes, random),
        "none": image,
    }
    for name, drawing in drawings.items():
        noise = [[random.gauss(0, spread) for _ in range(2)] for _ in range(5)]
        moved = FaceBox(face.box, face.keypoints + np.array(noise, np.float32))
        weight = _WEIGHTS["shadow" if name == "shadow" else "drawn"]
        width = face.box.w * image.width
        for seen in as_cameras_see(in_other_light(drawing, random), width, random):
            measures = measure(align_face(seen, moved))
            yield Sample(person, measures, name == "dark", weight, real=False)


def measure(crop: Crop) -> FloatArray:
    """Return the measures of an aligned face."""
    colours = crop.astype(np.float32)
    return face_measures(colours, colours.mean(axis=2))


def cross_validated_scores(samples: list[Sample]) -> Vector:
    """Return each sample's score by a model that has not seen its person."""
    persons = sorted({sample.person for sample in samples})
    folds = dict(
        zip(persons, np.random.default_rng(1).integers(0, FOLDS, len(persons)), strict=True)
    )
    scores = np.zeros(len(samples))
    for fold in range(FOLDS):
        weights, bias = fit([sample for sample in samples if folds[sample.person] != fold])
        for index, sample in enumerate(samples):
            if folds[sample.person] == fold:
                scores[index] = weights @ sample.measures + bias
    return scores


def judge(samples: list[Sample], scores: Vector) -> tuple[float, Share, Share]:
    """Return the limit that the given share of real portraits exceeds, and what it finds."""
    pairs = list(zip(samples, scores.tolist(), strict=True))
    dark = [score for sample, score in pairs if sample.real and sample.dark]
    others = [score for sample, score in pairs if sample.real and not sample.dark]
    limit = float(np.quantile(others, 1 - MAX_FALSE))
    found, false = (sum(score > limit for score in group) for group in (dark, others))
    return limit, Share(found, len(dark)), Share(false, len(others))


def fit(samples: list[Sample]) -> tuple[Vector, float]:
    """Fit a logistic model by Newton's method, with an L2 penalty on standardised measures."""
    measures = np.array([sample.measures for sample in samples], np.float64)
    dark = np.array([sample.dark for sample in samples], np.float64)
    sample_weights = np.array([sample.weight for sample in samples])
    mean, deviation = measures.mean(axis=0), measures.std(axis=0) + 1e-6
    inputs = np.column_stack([(measures - mean) / deviation, np.ones(len(samples))])
    penalty = np.diag([*np.ones(measures.shape[1]), 1e-6])
    solution = np.zeros(inputs.shape[1])
    for _ in range(30):
        probability = 1 / (1 + np.exp(-np.clip(inputs @ solution, -30, 30)))
        curvature = (
            inputs * (sample_weights * probability * (1 - probability))[:, None]
        ).T @ inputs
        gradient = inputs.T @ (sample_weights * (probability - dark)) + penalty @ solution
        solution -= np.linalg.solve(curvature + penalty, gradient)
    weights: Vector = solution[:-1] / deviation
    return weights, float(solution[-1] - weights @ mean)


if __name__ == "__main__":
    main()
