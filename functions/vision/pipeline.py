"""The vision pipeline: one picture from bytes to findings, in three steps.

Detect (``detection``)
    1. decode, bounded (``image_decoding``); measure the light (``quality``)
    2. faces with five keypoints each (``faces``)
    3. persons and things (``objects``, ``looks``); phones, books and what stands (``things``);
       what an institution's own detector adds, if there is one (``own_detector``)
Read the faces (``face_reading``)
    4. similarity of the faces that are large enough to the candidate's own (``face_embedding``)
    5. first view only, the largest face: head pose and anomaly score (``head_pose``), gaze
       (``gaze``), and where the anomaly score is raised, a hand over the mouth (``pose``)
Compare and decide
    6. comparison with earlier pictures, and weak signals (``temporal``)
    7. findings by rule (``rules``), which measure texture and sharpness only where they need them

Each stage's time is recorded in ``timings_ms``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import copysign
from pathlib import Path

from onnxruntime import InferenceSession

from chalicelib.domain.monitoring.baseline import FrameSignatures, ViewHistory
from chalicelib.domain.monitoring.standing import is_untold
from chalicelib.domain.rules.findings import Finding
from chalicelib.domain.types import Millis
from functions import MODELS_DIR, open_model
from functions.vision.boxes import Box, FloatArray, observed_box
from functions.vision.calibration import calibrate
from functions.vision.detection import MIN_OBJECT_SCORE, Detections, Frame, FrameDetector
from functions.vision.face_embedding import FaceEmbedder
from functions.vision.face_reading import DetectedFace, FaceReader
from functions.vision.faces import FaceDetector
from functions.vision.gaze import GazeEstimator
from functions.vision.head_pose import HeadPoseEstimator
from functions.vision.image_decoding import PictureProblem, UnreadablePicture, decode_picture
from functions.vision.liveness import LivenessModel
from functions.vision.objects import ObjectDetector
from functions.vision.own_detector import OwnDetector, add_own_boxes
from functions.vision.pose import PoseEstimator
from functions.vision.quality import MeasuredQuality, PictureQuality
from functions.vision.rules import (
    STANDARD,
    FrameSignals,
    View,
    decide_findings,
    persons,
)
from functions.vision.temporal import TemporalAnalyzer, measures_of
from functions.vision.thing_rules import things_found
from functions.vision.upright import UprightLook

__all__ = [
    "Box",
    "DetectedFace",
    "Finding",
    "FrameAnalysis",
    "PictureProblem",
    "UnreadablePicture",
    "View",
    "VisionPipeline",
    "open_models",
]

_MODELS = (
    "faces",
    "identity",
    "head_pose",
    "eye_landmarks",
    "objects",
    "phone_recheck",
    "liveness",
    "pose",
)


@dataclass(frozen=True)
class FrameAnalysis:
    """What one picture shows, and how that was determined.

    ``width`` and ``height`` are pixels of the picture as uploaded, boxes fractions of it.
    ``similarity`` is the cosine similarity between the reference and the most similar face, or None
    without a reference or a usable face. ``measures`` are the values that the findings were decided
    by, ``signatures`` those that later pictures are compared with. ``quality`` can still measure
    what no rule has needed.
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


def open_models(
    folder: Path,
) -> tuple[dict[str, InferenceSession], dict[str, dict[str, str]]]:
    """Open every vision model in a folder; return the sessions and the files' metadata by name."""
    models = {name: open_model(folder / f"{name}.onnx") for name in _MODELS}
    sessions = {name: session for name, (session, _) in models.items()}
    return sessions, {name: metadata for name, (_, metadata) in models.items()}


class VisionPipeline:
    """All vision models, loaded once per process."""

    def __init__(
        self,
        sessions: Mapping[str, InferenceSession],
        metadata: Mapping[str, Mapping[str, str]],
        own_detector: OwnDetector | None = None,
    ) -> None:
        objects, phone_recheck = (
            ObjectDetector(sessions[name], metadata[name]["labels"].split(","))
            for name in ("objects", "phone_recheck")
        )
        pose = PoseEstimator(sessions["pose"])
        faces, head_pose = FaceDetector(sessions["faces"]), HeadPoseEstimator(sessions["head_pose"])
        self._detector = FrameDetector(faces, objects, phone_recheck)
        self._face_reader = FaceReader(
            FaceEmbedder(sessions["identity"]),
            head_pose,
            GazeEstimator(sessions["eye_landmarks"]),
            pose,
            UprightLook(faces, head_pose),
        )
        self._temporal = TemporalAnalyzer(LivenessModel(sessions["liveness"]), pose)
        self._own_detector = own_detector
        self._models = {name: fields["version"] for name, fields in metadata.items()}

    @classmethod
    def load(cls, models_dir: Path | None = None) -> "VisionPipeline":
        """Open every model in *models_dir* (default: the repository's, or the package's)."""
        folder = models_dir or MODELS_DIR
        return cls(*open_models(folder), OwnDetector.load(folder))

    @property
    def own_detector(self) -> str | None:
        """The institution's own detector as observations name it; None without one."""
        return self._own_detector.identity if self._own_detector else None

    def analyze(
        self,
        data: bytes,
        *,
        view: View,
        reference: FloatArray | None = None,
        history: ViewHistory | None = None,
        at: Millis = 0,
        tiled: bool = False,
    ) -> FrameAnalysis:
        """Analyse one picture. Raises UnreadablePicture.

        *reference* is the candidate's own embedding, as ``embed`` returns it; *history* is what is
        remembered of the view's earlier pictures, and *at* the moment when this one was taken.
        *tiled* looks at the picture's tiles in the first view too.
        """
        thresholds = calibrate(STANDARD, history.baseline if history else None)
        standing = history.seen.standing if history else ()
        frame, detections = self._detector.detect(data, view, thresholds, standing, tiled=tiled)
        detections, own_model = add_own_boxes(self._own_detector, frame, detections, standing)
        signals = self._signals(frame, detections, reference)
        signals = replace(signals, untold=history is not None and is_untold(history.seen))
        signals, signatures = self._compare(frame, detections, signals, history, at)
        with frame.timer.stage("rules"):
            findings = decide_findings(signals, view, thresholds)
            things = things_found(signals, view, thresholds)
        signatures = replace(signatures, things=tuple(observed_box(box) for box in things))
        return FrameAnalysis(
            width=frame.picture.width,
            height=frame.picture.height,
            faces=tuple(signals.faces),
            persons=persons(signals, thresholds),
            objects=_recorded_objects(signals),
            findings=findings,
            similarity=signals.similarity,
            quality=detections.quality,
            measures=_measures(signals, detections.quality),
            signatures=signatures,
            timings_ms=frame.timer.read(),
            models=self._models | own_model,
        )

    def embed(self, data: bytes) -> FloatArray | None:
        """Return the embedding of the largest face, 128 float32 of unit length; None without a face.

        Raises UnreadablePicture.
        """
        face = self.read_face(data)
        return None if face is None else face.embedding

    def read_face(self, data: bytes) -> DetectedFace | None:
        """Return the embedding and the yaw of the largest face; None without a face.

        Raises UnreadablePicture.
        """
        picture = decode_picture(data)
        largest = self._detector.largest_face(picture)
        return None if largest is None else self._face_reader.read_one(picture, largest)

    def _signals(
        self, frame: Frame, detections: Detections, reference: FloatArray | None
    ) -> FrameSignals:
        """Read the faces and return what the rules need of this picture alone."""
        readings = self._face_reader.read(frame, detections, reference)
        return FrameSignals(
            faces=[face.box for face in detections.faces],
            objects=detections.objects,
            phone=detections.things.phone,
            book=detections.things.book,
            standing=detections.things.standing,
            similarity=readings.similarity,
            head=readings.head,
            gaze=readings.gaze,
            quality=detections.quality,
            hand=readings.hand,
            half_out=readings.half_out,
        )

    def _compare(
        self,
        frame: Frame,
        detections: Detections,
        signals: FrameSignals,
        history: ViewHistory | None,
        at: Millis,
    ) -> tuple[FrameSignals, FrameSignatures]:
        """Add the comparison with earlier pictures to the signals; return this picture's signatures."""
        people = persons(signals, frame.thresholds)
        with frame.timer.stage("temporal"):
            temporal, signatures = self._temporal.compare(
                frame.picture.image, frame.view, detections.largest, people, history, at
            )
        return replace(signals, temporal=temporal), signatures


def _recorded_objects(signals: FrameSignals) -> tuple[Box, ...]:
    """Return the objects for the record: phone and book with their combined scores, other things,
    and what stands in the view.
    """
    combined = [box for box in (signals.phone, signals.book) if box is not None]
    others = [box for box in signals.objects if box.label not in ("person", "phone", "book")]
    objects = [*combined, *others, *signals.standing]
    return tuple(box for box in objects if box.score >= MIN_OBJECT_SCORE)


def _measures(signals: FrameSignals, quality: MeasuredQuality) -> dict[str, float]:
    """Return the values that the findings were decided by, apart from boxes and their scores."""
    head, measures = signals.head, quality.measures()
    if head is not None:
        nose = copysign(head.nose, head.yaw)
        measures |= {"yaw": head.yaw, "pitch": head.pitch, "nose": nose, "strange": head.anomaly}
        measures |= {"glasses": head.dark_glasses, "width": head.width, "roll": head.roll}
    if signals.gaze is not None:
        measures["gaze"] = signals.gaze
    if signals.hand is not None:
        measures["hand"] = signals.hand
    rounded = {name: round(value, 3) for name, value in measures.items()}
    return rounded | measures_of(signals.temporal)
