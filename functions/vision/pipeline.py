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

from chalicelib.domain.monitoring.baseline import Memory, Signs
from chalicelib.domain.rules.findings import Finding
from chalicelib.domain.types import Millis
from functions import MODELS_DIR, open_model
from functions.vision.boxes import Box, FloatArray
from functions.vision.calibration import calibrated
from functions.vision.face_embedding import Crop, Recogniser, aligned
from functions.vision.faces import Face, FaceFinder, small_of
from functions.vision.gaze import GazeReader, tells_gaze
from functions.vision.head_pose import Closeup, Head, HeadReader, closeup
from functions.vision.image_decoding import Picture, Reason, UnreadablePicture, read_picture
from functions.vision.liveness import LifeReader
from functions.vision.objects import ObjectFinder
from functions.vision.phones import PhoneFinder
from functions.vision.pose import BodyReader, hand_before
from functions.vision.quality import Measured, Quality
from functions.vision.rules import (
    STANDARD,
    Evidence,
    Limits,
    View,
    body_of,
    is_face,
    judge,
    persons,
)
from functions.vision.stage_timer import Clock
from functions.vision.temporal import Recaller, measures_of

__all__ = ["Box", "Eyes", "Finding", "Reason", "Sight", "UnreadablePicture", "View"]

# More faces than this are a crowd: the largest are the ones to compare.
_MOST_COMPARED = 4
_MODELS = ("faces", "identity", "heads", "eyes", "objects", "recheck", "live", "body")
_FLOOR = 0.1


@dataclass(frozen=True)
class Sight:
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
    quality: Quality
    measures: dict[str, float]
    signs: Signs
    timings_ms: dict[str, float]
    models: dict[str, str]


@dataclass(frozen=True)
class FaceSeen:
    """One face: its unit vector, and its yaw in degrees, 0 towards the camera."""

    vector: FloatArray
    yaw: float


class Eyes:
    """All vision models, loaded once and used for every picture of the process."""

    def __init__(
        self, sessions: Mapping[str, InferenceSession], facts: Mapping[str, Mapping[str, str]]
    ) -> None:
        objects, recheck = (
            ObjectFinder(sessions[name], facts[name]["labels"].split(","))
            for name in ("objects", "recheck")
        )
        self._faces = FaceFinder(sessions["faces"])
        self._recogniser = Recogniser(sessions["identity"])
        self._heads, self._gazes = HeadReader(sessions["heads"]), GazeReader(sessions["eyes"])
        self._objects, self._phones = objects, PhoneFinder(objects, recheck)
        self._life, self._bodies = LifeReader(sessions["live"]), BodyReader(sessions["body"])
        self._recaller = Recaller(self._life, self._bodies)
        self._models = {name: fact["version"] for name, fact in facts.items()}

    @classmethod
    def load(cls, models_dir: Path | None = None) -> "Eyes":
        """Open every model under *models_dir* (the repository's, or the package's, by default)."""
        folder = models_dir or MODELS_DIR
        opened = {name: open_model(folder / f"{name}.onnx") for name in _MODELS}
        return cls(
            {name: session for name, (session, _) in opened.items()},
            {name: fact for name, (_, fact) in opened.items()},
        )

    def look(
        self,
        data: bytes,
        *,
        view: View,
        reference: FloatArray | None = None,
        memory: Memory | None = None,
        at: Millis = 0,
    ) -> Sight:
        """Look at one picture; raises UnreadablePicture.

        *reference* is the candidate's own embedding, as ``embed`` makes it; *memory* what is
        remembered of the pictures before, when this one was taken *at* a moment.
        """
        clock = Clock()
        limits = calibrated(STANDARD, memory.usual if memory else None)
        with clock.stage("decode"):
            picture = read_picture(data)
            # While the pixels are near: each run of a model sweeps the processor's caches.
            quality, small = Measured(picture.half), small_of(picture)
            square = self._objects.square(picture.half)
        with clock.stage("faces"):
            found = self._faces.find(small)
        with clock.stage("objects"):
            seen = self._objects.find(square, _FLOOR)
        faces = [face for face in found if is_face(face.box, seen, limits)]
        with clock.stage("phones"):
            phone = self._phones.find(picture, seen)
        largest = _largest([face for face in found if face.score >= limits.likely_face] or faces)
        with clock.stage("crops"):
            crop = cache(partial(aligned, picture.image))
            usable = _usable(faces, picture, limits) if reference is not None else []
            crops = [crop(face) for face in usable]
            main = largest if view == "first" else None
            close = closeup(picture.image, main, crop(main)) if main else None
        with clock.stage("identity"):
            similarity = self._similarity(crops, reference)
        with clock.stage("heads"):
            head, gaze = self._bearing(picture.image, close) if close else (None, None)
        with clock.stage("hands"):
            hand = self._hand(picture.image, close, head, seen, limits)
        boxes = [face.box for face in faces]
        evidence = Evidence(boxes, seen, phone, similarity, head, gaze, quality, hand)
        people = persons(evidence, limits)
        with clock.stage("recall"):
            recalled, signs = self._recaller.recall(
                picture.image, view, largest, people, memory, at
            )
        evidence = replace(evidence, recalled=recalled)
        with clock.stage("judge"):
            findings = judge(evidence, view, limits)
        return Sight(
            width=picture.width,
            height=picture.height,
            faces=tuple(boxes),
            persons=people,
            objects=_things(evidence),
            findings=findings,
            similarity=similarity,
            quality=quality,
            measures=_measures(evidence, quality),
            signs=signs,
            timings_ms=clock.read(),
            models=self._models,
        )

    def embed(self, data: bytes) -> FloatArray | None:
        """The largest face as a unit vector of 128 float32; None without a face.

        Raises UnreadablePicture.
        """
        found = self.face(data)
        return None if found is None else found.vector

    def face(self, data: bytes) -> FaceSeen | None:
        """The largest face, to compare and to see where it is turned; None without a face.

        Raises UnreadablePicture.
        """
        picture = read_picture(data)
        faces = [
            face for face in self._faces.find(small_of(picture)) if face.score >= STANDARD.face
        ]
        largest = _largest(faces)
        if largest is None:
            return None
        crop = aligned(picture.image, largest)
        vector: FloatArray = self._recogniser.embed([crop])[0]
        return FaceSeen(vector, self._heads.read(closeup(picture.image, largest, crop)).yaw)

    def _bearing(self, image: Image.Image, close: Closeup) -> tuple[Head, float | None]:
        """How a face is turned, and where its eyes look if it is turned to the camera."""
        head = self._heads.read(close)
        return head, self._gazes.read(image, close.face) if tells_gaze(head) else None

    def _hand(
        self,
        image: Image.Image,
        close: Closeup | None,
        head: Head | None,
        objects: Sequence[Box],
        limits: Limits,
    ) -> float | None:
        """How surely a hand is before the face; asked where that looks odd, and not strange anyhow."""
        if close is None or head is None or not limits.odd <= head.strange < limits.strange:
            return None
        body = body_of(close.face.box, objects, limits)
        if body is None or close.width < limits.open_side:
            return None
        return hand_before(close.face, self._bodies.read(image, body), close.width)

    def _similarity(self, crops: list[Crop], reference: FloatArray | None) -> float | None:
        """The best cosine among some faces."""
        if reference is None or not crops:
            return None
        return float((self._recogniser.embed(crops) @ reference).max())


def _largest(faces: list[Face]) -> Face | None:
    return max(faces, key=lambda face: face.box.area, default=None)


def _usable(faces: list[Face], picture: Picture, limits: Limits) -> list[Face]:
    """The largest faces, as far as they are large enough to tell whose they are."""
    width = picture.image.width
    enough = [face for face in faces if face.box.w * width >= limits.identity_side]
    return sorted(enough, key=lambda face: face.box.area)[-_MOST_COMPARED:]


def _things(evidence: Evidence) -> tuple[Box, ...]:
    """What to keep for the record: things of the first detector, and the phone as all see it."""
    others = [box for box in evidence.objects if box.label not in ("person", "phone")]
    phone = [evidence.phone] if evidence.phone else []
    return tuple(box for box in [*phone, *others] if box.score >= _FLOOR)


def _measures(evidence: Evidence, quality: Measured) -> dict[str, float]:
    """What the findings were decided by, as far as boxes and scores do not tell it."""
    head, told = evidence.head, {"light": quality.light, **quality.told()}
    if head is not None:
        nose = copysign(head.nose, head.yaw)
        told |= {"yaw": head.yaw, "pitch": head.pitch, "nose": nose, "strange": head.strange}
        told |= {"shade": head.shade, "width": head.width}
    if evidence.gaze is not None:
        told["gaze"] = evidence.gaze
    if evidence.hand is not None:
        told["hand"] = evidence.hand
    rounded = {name: round(value, 3) for name, value in told.items()}
    return rounded | measures_of(evidence.recalled)
