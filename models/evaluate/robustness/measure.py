"""Every finding of a picture against that of the same picture, changed."""

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from functions import MODELS_DIR, open_model
from functions.vision.faces import FaceBox, FaceDetector, detector_input
from functions.vision.image_decoding import UnreadablePicture, decode_picture
from functions.vision.pipeline import FrameAnalysis, VisionPipeline
from models.evaluate.robustness.distortions import DISTORTIONS, NO_FACE, Distortion, Portrait
from models.evaluate.scenes import Pair, Scene

_MIN_FACE_WIDTH = 48.0
_QUALITY = 92
_BLACK, _MAX_BLACK, _MAX_TRIM = 8, 0.15, 0.12


@dataclass
class Cell:
    """Pictures whose finding of one kind changed by one distortion, among those compared."""

    appeared: int = 0
    without: int = 0
    vanished: int = 0
    had: int = 0


@dataclass
class Row:
    """A distortion: how many pictures, and what changed by kind. ``found`` is of what must appear."""

    distortion: Distortion
    pictures: int = 0
    cells: dict[str, Cell] = field(default_factory=dict)


def portraits(scenes: Sequence[Scene], pairs: Sequence[Pair], sample: int, seed: int) -> list[Path]:
    """Return at most *sample* pictures of one face, one of each person, in a seeded order."""
    persons: dict[str, Path] = {}
    for pair in pairs:
        for path in (pair.a, pair.b):
            persons.setdefault(str(path.parent), path)
    for scene in scenes:
        if scene.faces == 1 and scene.view == "first":
            persons.setdefault(scene.group, scene.path)
    names = sorted(persons)
    order = np.random.default_rng((seed, 2)).permutation(len(names))
    return [persons[names[index]] for index in order[:sample]]


def distort(pipeline: VisionPipeline, paths: Sequence[Path], seed: int) -> list[Row]:
    """Analyse each picture unchanged and with every distortion, and count what changed."""
    rows = [Row(distortion) for distortion in DISTORTIONS]
    detector = FaceDetector(open_model(MODELS_DIR / "faces.onnx")[0])
    for path, image, face in _faces(detector, paths):
        reference = pipeline.embed(_encoded(image))
        before = pipeline.analyze(_encoded(image), view="first", reference=reference)
        for row in rows:
            rng = np.random.default_rng((seed, zlib.crc32(path.name.encode())))
            changed = row.distortion.change(Portrait(image, face, rng))
            if changed is not None:
                after = pipeline.analyze(_encoded(changed), view="first", reference=reference)
                _count(row, before, after)
    return rows


def _faces(
    detector: FaceDetector, paths: Sequence[Path]
) -> Iterator[tuple[Path, Image.Image, FaceBox]]:
    """Yield the pictures that show one face of some size."""
    for path in paths:
        try:
            picture = decode_picture(_encoded(_trimmed(decode_picture(path.read_bytes()).image)))
        except (OSError, UnreadablePicture):
            continue
        faces = [face for face in detector.detect(detector_input(picture)) if face.score >= 0.8]
        if len(faces) == 1 and faces[0].box.w * picture.image.width >= _MIN_FACE_WIDTH:
            yield path, picture.image, faces[0]


def _trimmed(image: Image.Image) -> Image.Image:
    """Return a picture without the black wedges that aligned portraits have at their edges."""
    edges = [0, 0, image.width, image.height]
    for side in range(4):
        for _ in range(round(_MAX_TRIM * max(image.size))):
            grey = np.asarray(image.crop((edges[0], edges[1], edges[2], edges[3])).convert("L"))
            line = (grey[:, 0], grey[0], grey[:, -1], grey[-1])[side]
            if (line < _BLACK).mean() < _MAX_BLACK:
                break
            edges[side] += 1 if side < 2 else -1
    return image.crop((edges[0], edges[1], edges[2], edges[3]))


def _count(row: Row, before: FrameAnalysis, after: FrameAnalysis) -> None:
    row.pictures += 1
    shown_before, shown_after = _shown(before), _shown(after)
    kinds = {*shown_before, *shown_after, *row.cells}
    if row.distortion.must is not None:
        kinds.add(row.distortion.must.value)
    for kind in kinds:
        # A kind that first appears in a later picture was in none of the earlier ones.
        cell = row.cells.setdefault(kind, Cell(without=row.pictures - 1))
        if kind in shown_before:
            cell.had += 1
            cell.vanished += kind not in shown_after
        else:
            cell.without += 1
            cell.appeared += kind in shown_after


def _shown(analysis: FrameAnalysis) -> set[str]:
    kinds = {finding.kind.value for finding in analysis.findings}
    return kinds if analysis.faces else {*kinds, NO_FACE}


def _encoded(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()
