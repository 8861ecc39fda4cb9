"""An institution's own detector, beside the product's own. It is off unless the package holds one.

``models/own`` holds its description and its network, which ``python -m models add`` puts there. It
can only add: a box that overlaps one of the same label raises that box's score, another one comes
beside. What the product's own models found, it cannot hide; nor that they found nobody: persons are
added only where they found one.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    RuntimeException,
)
from PIL import Image

from chalicelib.domain.monitoring.standing import SeenThing
from functions import open_model
from functions.vision.boxes import Box, FloatArray, boxes_from_corners, non_max_suppression
from functions.vision.detection import Detections, Frame
from functions.vision.detector_description import DetectorDescription, read_description
from functions.vision.detector_output import DetectorFault, Rows, Wanted, read_output
from functions.vision.rules import Thresholds, View
from functions.vision.things import stands

log = logging.getLogger(__name__)

# Its name in observations, and where it failed on the picture.
MODEL = "own_detector"
FAILED_MODEL = "own_detector_failed"
FOLDER = "own"
DESCRIPTION = "detector.toml"
NETWORK = "detector.onnx"

# The runtime's errors of one run; each is a subclass of Exception alone.
RUN_ERRORS = (Fail, InvalidArgument, RuntimeException)

_MAX_IOU = 0.5
_MAX_PER_LABEL = 20
# From this part of either box inside the other on, two detectors have found the same thing.
_SAME_THING = 0.7


class OwnDetector:
    """Runs the network and returns boxes with our labels, from each label's limit on."""

    def __init__(self, session: InferenceSession, description: DetectorDescription) -> None:
        self._session, self._description = session, description
        labels = description.labels.values()
        self._wanted = Wanted(
            [number for detected in labels for number in detected.classes],
            min(detected.limit for detected in labels),
        )
        names = [value.name for value in session.get_inputs()]
        pixels = description.input.name
        extra = description.input.size_name
        self._pixels = pixels or next((name for name in names if name != extra), "")
        expected = {self._pixels} | ({extra} if extra else set())
        if set(names) != expected:
            raise DetectorFault("input", f"the network has the inputs {', '.join(names)}")
        output = description.output
        self._outputs = [
            name
            for name in (output.joined, output.boxes, output.scores, output.classes)
            if name is not None
        ]
        missing = set(self._outputs) - {value.name for value in session.get_outputs()}
        if missing:
            given = ", ".join(value.name for value in session.get_outputs())
            raise DetectorFault("output", f"the network has no {missing.pop()}, but {given}")

    @classmethod
    def load(cls, models_dir: Path) -> "OwnDetector | None":
        """Open the detector of *models_dir*; None without one. Raises DetectorFault.

        The bytes are compared with the pinned hash before the runtime sees them.
        """
        folder = models_dir / FOLDER
        if not (folder / DESCRIPTION).is_file():
            return None
        description = read_description(folder / DESCRIPTION)
        path = folder / NETWORK
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest != description.sha256:
            raise DetectorFault("sha256", f"{path.name} is not the file that the description pins")
        session, _ = open_model(path)
        return cls(session, description)

    @property
    def identity(self) -> str:
        """Name, version and hash, as observations record them."""
        return self._description.identity

    def detect(self, image: Image.Image) -> list[Box]:
        """Return the boxes of every label, highest score first; a score is 0.5 at its limit.

        Raises one of RUN_ERRORS, and DetectorFault for an output that is not as described.
        """
        rows, place = self.run(image)
        return [
            box
            for label, detected in self._description.labels.items()
            for box in self._boxes(
                label, rows.of(detected.classes, detected.limit), place, detected.limit
            )
        ]

    def run(self, image: Image.Image) -> tuple[Rows, FloatArray]:
        """Run the network; return its rows, and where the picture lies in its input, in pixels."""
        pixels, place = self._prepare(image)
        inputs: dict[str, NDArray[Any]] = {self._pixels: pixels}
        form = self._description.input
        if form.size_name:
            inputs[form.size_name] = np.array([[form.width, form.height]], np.int64)
        arrays = self._session.run(self._outputs, inputs)
        outputs: Mapping[str, NDArray[Any]] = dict(zip(self._outputs, arrays, strict=True))
        rows = read_output(
            outputs, self._description.output, (form.width, form.height), self._wanted
        )
        return rows, place

    def _prepare(self, image: Image.Image) -> tuple[NDArray[Any], FloatArray]:
        form = self._description.input
        left, top, width, height = _place(image.size, form.fit, (form.width, form.height))
        square = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2)
        if (width, height) != (form.width, form.height):
            canvas = Image.new("RGB", (form.width, form.height), (form.margin,) * 3)
            canvas.paste(square, (left, top))
            square = canvas
        pixels: NDArray[Any] = np.asarray(square)
        if form.channels == "BGR":
            pixels = pixels[..., ::-1]
        if form.dtype != "uint8":
            scaled = (pixels.astype(np.float32) - form.mean) / np.array(form.deviation)
            pixels = scaled.astype(form.dtype)
        if form.layout == "NCHW":
            pixels = pixels.transpose(2, 0, 1)
        place = np.array([left, top, width, height], np.float32)
        return np.ascontiguousarray(pixels[None]), place

    def _boxes(self, label: str, rows: Rows, place: FloatArray, limit: float) -> list[Box]:
        corners, scores = rows.corners, rows.scores
        corner, extent = np.tile(place[:2], 2), np.tile(place[2:], 2)
        corners = ((corners - corner) / extent).astype(np.float32)
        order = (
            non_max_suppression(corners, scores, _MAX_IOU)
            if self._description.output.suppress
            else np.argsort(-scores, kind="stable").tolist()
        )[:_MAX_PER_LABEL]
        rescaled = 0.5 + 0.5 * (scores[order] - limit) / (1 - limit)
        return boxes_from_corners(label, np.minimum(rescaled, 1), corners[order])


def _place(size: tuple[int, int], fit: str, target: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of a picture in the network's input, in pixels."""
    if fit == "stretch":
        return 0, 0, *target
    factor = min(target[0] / size[0], target[1] / size[1])
    width, height = (max(1, round(length * factor)) for length in size)
    if fit == "letterbox_corner":
        return 0, 0, width, height
    return (target[0] - width) // 2, (target[1] - height) // 2, width, height


def add_own_boxes(
    detector: OwnDetector | None,
    frame: Frame,
    detections: Detections,
    standing: Sequence[SeenThing] = (),
) -> tuple[Detections, dict[str, str]]:
    """Add what the institution's detector finds; return how observations name it, if there is one.

    What is *standing* in the view counts no more when it finds it.
    A picture on which it fails is judged by the product's own models, and its observation says so.
    """
    if detector is None:
        return detections, {}
    try:
        with frame.timer.stage("own_detector"):
            found = detector.detect(frame.picture.image)
    except (*RUN_ERRORS, DetectorFault) as error:
        log.warning("the institution's own detector failed: %s", type(error).__name__)
        return detections, {FAILED_MODEL: detector.identity}
    counting = [box for box in found if not stands(box, standing)]
    own = at_our_limits(counting, frame.view, frame.thresholds)
    if not _is_occupied(detections, frame.thresholds):
        own = [box for box in own if box.label != "person"]
    things = replace(
        detections.things,
        phone=_likelier(own, "phone", detections.things.phone),
        book=_likelier(own, "book", detections.things.book),
    )
    objects = merge(own, detections.objects)
    return replace(detections, objects=objects, things=things), {MODEL: detector.identity}


def _likelier(own: Sequence[Box], label: str, ours: Box | None) -> Box | None:
    candidates = [*(box for box in own if box.label == label), *([ours] if ours else [])]
    return max(candidates, key=lambda box: box.score, default=None)


def _is_occupied(detections: Detections, thresholds: Thresholds) -> bool:
    """Return whether the product's own models found anybody: they alone decide on an empty seat."""
    return bool(detections.faces) or any(
        box.label == "person" and box.score >= thresholds.present for box in detections.objects
    )


def at_our_limits(boxes: Iterable[Box], view: View, thresholds: Thresholds) -> list[Box]:
    """Rescale scores so that what counts for the detector counts for the product's rules.

    A box at the detector's own limit has a score of 0.5, which becomes the label's threshold here.
    """
    limits = {
        "person": thresholds.person,
        "phone": thresholds.phone,
        "book": thresholds.book_limit(view),
        "tv": thresholds.screen,
        "laptop": thresholds.screen,
    }
    return [_rescaled(box, limits.get(box.label, 0.5)) for box in boxes]


def _rescaled(box: Box, limit: float) -> Box:
    # Rounded up: a box at the limit counts.
    return replace(box, score=ceil(1e4 * (limit + (1 - limit) * (2 * box.score - 1))) / 1e4)


def merge(own: Sequence[Box], boxes: Sequence[Box]) -> list[Box]:
    """Return *boxes* with the detector's own: what both found once, with the higher score."""
    merged = list(boxes)
    for found in own:
        same = next((index for index, box in enumerate(merged) if _is_same_thing(found, box)), None)
        if same is None:
            merged.append(found)
        elif found.score > merged[same].score:
            merged[same] = replace(merged[same], score=found.score)
    return merged


def _is_same_thing(first: Box, second: Box) -> bool:
    overlap = max(first.within(second), second.within(first))
    return first.label == second.label and overlap >= _SAME_THING
