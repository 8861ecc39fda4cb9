"""The vision pipeline: one picture from bytes to findings, in three steps.

Detect
    1. decode, bounded (``image_decoding``); measure the light (``quality``)
    2. faces with five keypoints each (``faces``)
    3. persons and things (``objects``); phones in a cascade (``phones``)
Read the faces
    4. similarity of the faces that are large enough to the candidate's own (``face_embedding``)
    5. first view only, the largest face: head pose and anomaly score (``head_pose``), gaze
       (``gaze``), and where the anomaly score is raised, a hand over the mouth (``pose``)
Compare and decide
    6. comparison with earlier pictures, and weak signals (``temporal``)
    7. findings by rule (``rules``), which measure texture and sharpness only where they need them

Each stage's time is recorded in ``timings_ms``.
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
from functions.vision.face_embedding import Crop, FaceEmbedder, align_face
from functions.vision.faces import FaceBox, FaceDetector, detector_input
from functions.vision.gaze import GazeEstimator, can_judge_gaze
from functions.vision.head_pose import Closeup, HeadPose, HeadPoseEstimator, crop_closeup
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

# In a crowd, only the largest faces are compared with the reference.
_MAX_COMPARED_FACES = 4
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
_MIN_OBJECT_SCORE = 0.1


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


@dataclass(frozen=True)
class DetectedFace:
    """A face: its embedding (a unit vector), and its yaw in degrees, 0 towards the camera."""

    embedding: FloatArray
    yaw: float


@dataclass(frozen=True, eq=False)
class _Frame:
    """One run of the pipeline: the decoded picture, the view, the thresholds, and the timer."""

    picture: DecodedPicture
    view: View
    thresholds: Thresholds
    timer: StageTimer


@dataclass(frozen=True, eq=False)
class _Detections:
    """What the detectors found. ``largest`` is the face whose head pose is estimated."""

    faces: list[FaceBox]
    largest: FaceBox | None
    objects: list[Box]
    phone: Box | None
    quality: MeasuredQuality


class VisionPipeline:
    """All vision models, loaded once per process."""

    def __init__(
        self, sessions: Mapping[str, InferenceSession], metadata: Mapping[str, Mapping[str, str]]
    ) -> None:
        objects, phone_recheck = (
            ObjectDetector(sessions[name], metadata[name]["labels"].split(","))
            for name in ("objects", "phone_recheck")
        )
        self._faces = FaceDetector(sessions["faces"])
        self._embedder = FaceEmbedder(sessions["identity"])
        self._head_pose = HeadPoseEstimator(sessions["head_pose"])
        self._gaze = GazeEstimator(sessions["eye_landmarks"])
        self._objects, self._phones = objects, PhoneDetector(objects, phone_recheck)
        self._liveness = LivenessModel(sessions["liveness"])
        self._pose = PoseEstimator(sessions["pose"])
        self._temporal = TemporalAnalyzer(self._liveness, self._pose)
        self._models = {name: fields["version"] for name, fields in metadata.items()}

    @classmethod
    def load(cls, models_dir: Path | None = None) -> "VisionPipeline":
        """Open every model in *models_dir* (default: the repository's, or the package's)."""
        folder = models_dir or MODELS_DIR
        models = {name: open_model(folder / f"{name}.onnx") for name in _MODELS}
        return cls(
            {name: session for name, (session, _) in models.items()},
            {name: metadata for name, (_, metadata) in models.items()},
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
        """Analyse one picture. Raises UnreadablePicture.

        *reference* is the candidate's own embedding, as ``embed`` returns it; *history* is what is
        remembered of the view's earlier pictures, and *at* the moment when this one was taken.
        """
        thresholds = calibrate(STANDARD, history.baseline if history else None)
        frame, detections = self._detect(data, view, thresholds)
        signals = self._read_faces(frame, detections, reference)
        signals, signatures = self._compare(frame, detections, signals, history, at)
        with frame.timer.stage("rules"):
            findings = decide_findings(signals, view, thresholds)
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
            models=self._models,
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
        faces = [
            face
            for face in self._faces.detect(detector_input(picture))
            if face.score >= STANDARD.face
        ]
        largest = _largest(faces)
        if largest is None:
            return None
        crop = align_face(picture.image, largest)
        embedding: FloatArray = self._embedder.embed([crop])[0]
        head = self._head_pose.read(crop_closeup(picture.image, largest, crop))
        return DetectedFace(embedding, head.yaw)

    def _detect(
        self, data: bytes, view: View, thresholds: Thresholds
    ) -> tuple[_Frame, _Detections]:
        """Decode a picture and detect faces, objects and phones."""
        timer = StageTimer()
        with timer.stage("decode"):
            picture = decode_picture(data)
            # Prepare all inputs now: running a model evicts the pixels from the processor's caches.
            quality = MeasuredQuality(picture.half)
            faces_input = detector_input(picture)
            objects_input = self._objects.prepare(picture.half)
        with timer.stage("faces"):
            candidates = self._faces.detect(faces_input)
        with timer.stage("objects"):
            objects = self._objects.detect(objects_input, _MIN_OBJECT_SCORE)
        faces = [face for face in candidates if is_face(face.box, objects, thresholds)]
        with timer.stage("phones"):
            phone = self._phones.detect(picture, objects)
        likely = [face for face in candidates if face.score >= thresholds.likely_face]
        largest = _largest(likely or faces)
        frame = _Frame(picture, view, thresholds, timer)
        return frame, _Detections(faces, largest, objects, phone, quality)

    def _read_faces(
        self, frame: _Frame, detections: _Detections, reference: FloatArray | None
    ) -> FrameSignals:
        """Compare the faces with the reference; in the first view, read the largest one."""
        image, timer, thresholds = frame.picture.image, frame.timer, frame.thresholds
        with timer.stage("crops"):
            crop = cache(partial(align_face, image))
            comparable = [] if reference is None else _comparable(detections.faces, frame)
            crops = [crop(face) for face in comparable]
            main = detections.largest if frame.view == "first" else None
            closeup = crop_closeup(image, main, crop(main)) if main else None
        with timer.stage("identity"):
            similarity = self._similarity(crops, reference)
        with timer.stage("head_pose"):
            head, gaze = self._head_and_gaze(image, closeup) if closeup else (None, None)
        with timer.stage("hands"):
            hand = self._hand_over_mouth(image, closeup, head, detections.objects, thresholds)
        return FrameSignals(
            faces=[face.box for face in detections.faces],
            objects=detections.objects,
            phone=detections.phone,
            similarity=similarity,
            head=head,
            gaze=gaze,
            quality=detections.quality,
            hand=hand,
        )

    def _compare(
        self,
        frame: _Frame,
        detections: _Detections,
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

    def _head_and_gaze(self, image: Image.Image, closeup: Closeup) -> tuple[HeadPose, float | None]:
        """Return the head pose, and the gaze if the face is frontal and large enough."""
        head = self._head_pose.read(closeup)
        return head, self._gaze.read(image, closeup.face) if can_judge_gaze(head) else None

    def _hand_over_mouth(
        self,
        image: Image.Image,
        closeup: Closeup | None,
        head: HeadPose | None,
        objects: Sequence[Box],
        thresholds: Thresholds,
    ) -> float | None:
        """Return the score of a hand over the mouth; None where the model was not run.

        It runs for an anomaly score that is raised, but too low to count as a covered face.
        """
        if closeup is None or head is None:
            return None
        if not thresholds.anomaly_hand_check <= head.anomaly < thresholds.anomaly:
            return None
        body = body_of(closeup.face.box, objects, thresholds)
        if body is None or closeup.width < thresholds.occlusion_width:
            return None
        return hand_over_mouth(closeup.face, self._pose.read(image, body), closeup.width)

    def _similarity(self, crops: list[Crop], reference: FloatArray | None) -> float | None:
        """Return the highest cosine similarity between the reference and the faces."""
        if reference is None or not crops:
            return None
        return float((self._embedder.embed(crops) @ reference).max())


def _largest(faces: list[FaceBox]) -> FaceBox | None:
    return max(faces, key=lambda face: face.box.area, default=None)


def _comparable(faces: list[FaceBox], frame: _Frame) -> list[FaceBox]:
    """Return the largest faces, of those that are large enough to be compared."""
    width, min_width = frame.picture.image.width, frame.thresholds.identity_width
    large_enough = [face for face in faces if face.box.w * width >= min_width]
    return sorted(large_enough, key=lambda face: face.box.area)[-_MAX_COMPARED_FACES:]


def _recorded_objects(signals: FrameSignals) -> tuple[Box, ...]:
    """Return the objects for the record: the phone with its combined score, and other things."""
    others = [box for box in signals.objects if box.label not in ("person", "phone")]
    phone = [signals.phone] if signals.phone else []
    return tuple(box for box in [*phone, *others] if box.score >= _MIN_OBJECT_SCORE)


def _measures(signals: FrameSignals, quality: MeasuredQuality) -> dict[str, float]:
    """Return the values that the findings were decided by, apart from boxes and their scores."""
    head, measures = signals.head, quality.measures()
    if head is not None:
        nose = copysign(head.nose, head.yaw)
        measures |= {"yaw": head.yaw, "pitch": head.pitch, "nose": nose, "strange": head.anomaly}
        measures |= {"shade": head.shade, "width": head.width}
    if signals.gaze is not None:
        measures["gaze"] = signals.gaze
    if signals.hand is not None:
        measures["hand"] = signals.hand
    rounded = {name: round(value, 3) for name, value in measures.items()}
    return rounded | measures_of(signals.temporal)
