"""The first steps of the pipeline: one picture decoded, and the faces, persons and things in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.monitoring.standing import SeenThing
from functions.vision.boxes import Box
from functions.vision.faces import FaceBox, FaceDetector, detector_input
from functions.vision.image_decoding import DecodedPicture, decode_picture
from functions.vision.looks import Looks
from functions.vision.objects import ObjectDetector
from functions.vision.quality import MeasuredQuality
from functions.vision.rules import STANDARD, Thresholds, View, is_face
from functions.vision.stage_timer import StageTimer
from functions.vision.things import Things, find_things, merge_tiles, stands

MIN_OBJECT_SCORE = 0.1


@dataclass(frozen=True, eq=False)
class Frame:
    """One run of the pipeline: the decoded picture, the view, the thresholds, and the timer."""

    picture: DecodedPicture
    view: View
    thresholds: Thresholds
    timer: StageTimer


@dataclass(frozen=True, eq=False)
class Detections:
    """What the detectors found. ``largest`` is the face whose head pose is estimated.

    ``objects`` are persons and things without those that stand in the view.
    """

    faces: list[FaceBox]
    largest: FaceBox | None
    objects: list[Box]
    things: Things
    quality: MeasuredQuality


class FrameDetector:
    """Runs the detectors on one picture."""

    def __init__(
        self, faces: FaceDetector, objects: ObjectDetector, recheck: ObjectDetector
    ) -> None:
        self._faces, self._objects, self._recheck = faces, objects, recheck

    def detect(
        self,
        data: bytes,
        view: View,
        thresholds: Thresholds,
        standing: Sequence[SeenThing] = (),
        *,
        tiled: bool = False,
    ) -> tuple[Frame, Detections]:
        """Decode a picture and detect faces, persons and things. Raises UnreadablePicture.

        What is *standing* in the view is found, but does not count. *tiled* is whether to look at
        the picture's tiles, as is always done in the second view.
        """
        timer = StageTimer()
        with timer.stage("decode"):
            picture = decode_picture(data)
            # Prepare all inputs now: running a model evicts the pixels from the processor's caches.
            quality = MeasuredQuality(picture.half)
            faces_input = detector_input(picture)
            looks = Looks(picture, self._objects, self._recheck, tiled=tiled or view == "second")
        with timer.stage("faces"):
            candidates = self._faces.detect(faces_input)
        with timer.stage("objects"):
            objects = [box for box in looks.near if box.score >= MIN_OBJECT_SCORE]
        with timer.stage("tiles"):
            objects = merge_tiles(objects, looks.tiles)
        faces = [face for face in candidates if is_face(face.box, objects, thresholds)]
        with timer.stage("presence"):
            if not faces and not _is_occupied(objects, thresholds):
                objects = [*objects, *_seen_again(looks, thresholds)]
        with timer.stage("things"):
            things = find_things(looks, standing, [face.box for face in candidates])
        likely = [face for face in candidates if face.score >= thresholds.likely_face]
        frame = Frame(picture, view, thresholds, timer)
        counting = [box for box in objects if not stands(box, standing)]
        return frame, Detections(faces, _largest(likely or faces), counting, things, quality)

    def largest_face(self, picture: DecodedPicture) -> FaceBox | None:
        """Return the largest face of a picture, whatever else it shows; None without a face."""
        faces: Sequence[FaceBox] = self._faces.detect(detector_input(picture))
        return _largest([face for face in faces if face.score >= STANDARD.face])


def _is_occupied(objects: Sequence[Box], thresholds: Thresholds) -> bool:
    return any(box.label == "person" and box.score >= thresholds.present for box in objects)


def _seen_again(looks: Looks, thresholds: Thresholds) -> list[Box]:
    """Return the likeliest person of the second detector: nobody is there only if both say so."""
    persons = [box for box in looks.again if box.label == "person"]
    likeliest = max(persons, key=lambda box: box.score, default=None)
    sure = likeliest is not None and likeliest.score >= thresholds.present_again
    return [likeliest] if likeliest is not None and sure else []


def _largest(faces: list[FaceBox]) -> FaceBox | None:
    return max(faces, key=lambda face: face.box.area, default=None)
