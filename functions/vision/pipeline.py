"""One look at one picture, from bytes to findings.

1. decode, bounded (``pictures``)
2. faces with five points each (``faces``)
3. persons and things (``objects``); more looks where a phone is suspected (``phones``)
4. identity of the faces large enough, against the candidate's own (``identity``)
5. where the largest face is turned, and whether it is open (``heads``), and where its
   eyes look (``gaze``); where it looks a little odd, whether a hand is before it (``bodies``);
   first view only
6. how much the picture shows at all: light; where there is a doubt, texture and sharpness, too
   (``quality``)
7. how it compares with the pictures before, and weak signals (``recall``)
8. findings by rule (``judge``)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from math import copysign
from pathlib import Path

from onnxruntime import InferenceSession
from PIL import Image

from chalicelib.domain.monitoring.baseline import FrameSignatures, ViewHistory
from chalicelib.domain.rules.findings import Finding
from chalicelib.domain.types import Millis
from functions import MODELS_DIR, open_model
from functions.vision.boxes import Box, FloatArray
from functions.vision.calibration import calibrate
from functions.vision.face_embedding import Crop, FaceEmbedder, aligned
from functions.vision.faces import FaceBox, FaceDetector, detector_input
from functions.vision.gaze import GazeEstimator, can_judge_gaze
from functions.vision.head_pose import Closeup, HeadPose, HeadPoseEstimator, closeup
from functions.vision.image_decoding import (
    DecodedPicture,
    PictureProblem,
    UnreadablePicture,
    decode_picture,
)
from functions.vision.liveness import LivenessModel
from functions.vision.objects import ObjectDetector
from functions.vision.phones import PhoneDetector
from functions.vision.pose import PoseEstimator, hand_over_mouth
from functions.vision.quality import MeasuredQuality, PictureQuality
from functions.vision.rules import (
    STANDARD,
    FrameSignals,
    Thresholds,
    View,
    body_of,
    decide_findings,
    is_face,
    persons,
)
from functions.vision.stage_timer import StageTimer
from functions.vision.temporal import TemporalAnalyzer, measures_of

__all__ = [
    "Box",
    "Finding",
    "FrameAnalysis",
    "PictureProblem",
    "UnreadablePicture",
    "View",
    "VisionPipeline",
]

# More faces than this are a crowd: the largest are the ones to compare.
_MOST_COMPARED = 4
_MODELS = ("faces", "identity", "heads", "eyes", "objects", "recheck", "live", "body")
_FLOOR = 0.1


@dataclass(frozen=True)
class FrameAnalysis:
    """What one picture shows, and how that was found out.

    Sizes are pixels of the picture as sent, boxes fractions of it. ``similarity`` is the cosine
    between the reference and the most similar face, or None without a reference or a usable face.
    ``measures`` are what the findings were decided by, ``signs`` what later pictures are compared
    with. ``quality`` answers what nothing has asked of it yet, too.
    """

    width: int
    height: int
    faces: tuple[Box, ...]
    persons: tuple[Box, ...]
    objects: tuple[Box, ...]
    findings: tuple[Finding, ...]
    similarity: float | None
    quality: PictureQuality
    measures: dict[str, float]
    signatures: FrameSignatures
    timings_ms: dict[str, float]
    models: dict[str, str]


@dataclass(frozen=True)
class DetectedFace:
    """One face: its unit vector, and its yaw in degrees, 0 towards the camera."""

    embedding: FloatArray
    yaw: float


class VisionPipeline:
    """All vision models, loaded once and used for every picture of the process."""

    def __init__(
        self, sessions: Mapping[str, InferenceSession], facts: Mapping[str, Mapping[str, str]]
    ) -> None:
        objects, recheck = (
            ObjectDetector(sessions[name], facts[name]["labels"].split(","))
            for name in ("objects", "recheck")
        )
        self._faces = FaceDetector(sessions["faces"])
        self._recogniser = FaceEmbedder(sessions["identity"])
        self._heads, self._gazes = (
            HeadPoseEstimator(sessions["heads"]),
            GazeEstimator(sessions["eyes"]),
        )
        self._objects, self._phones = objects, PhoneDetector(objects, recheck)
        self._life, self._bodies = LivenessModel(sessions["live"]), PoseEstimator(sessions["body"])
        self._recaller = TemporalAnalyzer(self._life, self._bodies)
        self._models = {name: fact["version"] for name, fact in facts.items()}

    @classmethod
    def load(cls, models_dir: Path | None = None) -> "VisionPipeline":
        """Open every model under *models_dir* (the repository's, or the package's, by default)."""
        folder = models_dir or MODELS_DIR
        opened = {name: open_model(folder / f"{name}.onnx") for name in _MODELS}
        return cls(
            {name: session for name, (session, _) in opened.items()},
            {name: fact for name, (_, fact) in opened.items()},
        )

    def analyze(
        self,
        data: bytes,
        *,
        view: View,
        reference: FloatArray | None = None,
        history: ViewHistory | None = None,
        at: Millis = 0,
    ) -> FrameAnalysis:
        """Look at one picture; raises UnreadablePicture.

        *reference* is the candidate's own embedding, as ``embed`` makes it; *memory* what is
        remembered of the pictures before, when this one was taken *at* a moment.
        """
        clock = StageTimer()
        thresholds = calibrate(STANDARD, history.baseline if history else None)
        with clock.stage("decode"):
            picture = decode_picture(data)
            # While the pixels are near: each run of a model sweeps the processor's caches.
            quality, small = MeasuredQuality(picture.half), detector_input(picture)
            square = self._objects.prepare(picture.half)
        with clock.stage("faces"):
            found = self._faces.detect(small)
        with clock.stage("objects"):
            seen = self._objects.detect(square, _FLOOR)
        faces = [face for face in found if is_face(face.box, seen, thresholds)]
        with clock.stage("phones"):
            phone = self._phones.detect(picture, seen)
        largest = _largest(
            [face for face in found if face.score >= thresholds.likely_face] or faces
        )
        with clock.stage("crops"):
            crop = cache(partial(aligned, picture.image))
            usable = _usable(faces, picture, thresholds) if reference is not None else []
            crops = [crop(face) for face in usable]
            main = largest if view == "first" else None
            close = closeup(picture.image, main, crop(main)) if main else None
        with clock.stage("identity"):
            similarity = self._similarity(crops, reference)
        with clock.stage("heads"):
            head, gaze = self._head_and_gaze(picture.image, close) if close else (None, None)
        with clock.stage("hands"):
            hand = self._hand_over_mouth(picture.image, close, head, seen, thresholds)
        boxes = [face.box for face in faces]
        signals = FrameSignals(boxes, seen, phone, similarity, head, gaze, quality, hand)
        people = persons(signals, thresholds)
        with clock.stage("recall"):
            temporal, signatures = self._recaller.compare(
                picture.image, view, largest, people, history, at
            )
        signals = replace(signals, temporal=temporal)
        with clock.stage("judge"):
            findings = decide_findings(signals, view, thresholds)
        return FrameAnalysis(
            width=picture.width,
            height=picture.height,
            faces=tuple(boxes),
            persons=people,
            objects=_things(signals),
            findings=findings,
            similarity=similarity,
            quality=quality,
            measures=_measures(signals, quality),
            signatures=signatures,
            timings_ms=clock.read(),
            models=self._models,
        )

    def embed(self, data: bytes) -> FloatArray | None:
        """The largest face as a unit vector of 128 float32; None without a face.

        Raises UnreadablePicture.
        """
        found = self.read_face(data)
        return None if found is None else found.embedding

    def read_face(self, data: bytes) -> DetectedFace | None:
        """The largest face, to compare and to see where it is turned; None without a face.

        Raises UnreadablePicture.
        """
        picture = decode_picture(data)
        faces = [
            face
            for face in self._faces.detect(detector_input(picture))
            if face.score >= STANDARD.face
        ]
        largest = _largest(faces)
        if largest is None:
            return None
        crop = aligned(picture.image, largest)
        vector: FloatArray = self._recogniser.embed([crop])[0]
        return DetectedFace(vector, self._heads.read(closeup(picture.image, largest, crop)).yaw)

    def _head_and_gaze(self, image: Image.Image, close: Closeup) -> tuple[HeadPose, float | None]:
        """How a face is turned, and where its eyes look if it is turned to the camera."""
        head = self._heads.read(close)
        return head, self._gazes.read(image, close.face) if can_judge_gaze(head) else None

    def _hand_over_mouth(
        self,
        image: Image.Image,
        close: Closeup | None,
        head: HeadPose | None,
        objects: Sequence[Box],
        thresholds: Thresholds,
    ) -> float | None:
        """How surely a hand is before the face; asked where that looks odd, and not strange anyhow."""
        if close is None or head is None or not thresholds.odd <= head.anomaly < thresholds.strange:
            return None
        body = body_of(close.face.box, objects, thresholds)
        if body is None or close.width < thresholds.open_side:
            return None
        return hand_over_mouth(close.face, self._bodies.read(image, body), close.width)

    def _similarity(self, crops: list[Crop], reference: FloatArray | None) -> float | None:
        """The best cosine among some faces."""
        if reference is None or not crops:
            return None
        return float((self._recogniser.embed(crops) @ reference).max())


def _largest(faces: list[FaceBox]) -> FaceBox | None:
    return max(faces, key=lambda face: face.box.area, default=None)


def _usable(faces: list[FaceBox], picture: DecodedPicture, thresholds: Thresholds) -> list[FaceBox]:
    """The largest faces, as far as they are large enough to tell whose they are."""
    width = picture.image.width
    enough = [face for face in faces if face.box.w * width >= thresholds.identity_side]
    return sorted(enough, key=lambda face: face.box.area)[-_MOST_COMPARED:]


def _things(signals: FrameSignals) -> tuple[Box, ...]:
    """What to keep for the record: things of the first detector, and the phone as all see it."""
    others = [box for box in signals.objects if box.label not in ("person", "phone")]
    phone = [signals.phone] if signals.phone else []
    return tuple(box for box in [*phone, *others] if box.score >= _FLOOR)


def _measures(signals: FrameSignals, quality: MeasuredQuality) -> dict[str, float]:
    """What the findings were decided by, as far as boxes and scores do not tell it."""
    head, told = signals.head, {"light": quality.light, **quality.told()}
    if head is not None:
        nose = copysign(head.nose, head.yaw)
        told |= {"yaw": head.yaw, "pitch": head.pitch, "nose": nose, "strange": head.anomaly}
        told |= {"shade": head.shade, "width": head.width}
    if signals.gaze is not None:
        told["gaze"] = signals.gaze
    if signals.hand is not None:
        told["hand"] = signals.hand
    rounded = {name: round(value, 3) for name, value in told.items()}
    return rounded | measures_of(signals.temporal)
