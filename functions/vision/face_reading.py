"""What the detected faces say: identity, head pose, gaze, and a hand over the mouth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from PIL import Image

from functions.vision.boxes import Box, FloatArray
from functions.vision.detection import Detections, Frame
from functions.vision.face_embedding import Crop, FaceEmbedder, align_face
from functions.vision.face_rules import hidden_body
from functions.vision.faces import FaceBox, is_body_cut_by_frame, is_cut_by_frame
from functions.vision.gaze import GazeEstimator, can_judge_gaze
from functions.vision.head_pose import Closeup, HeadPose, HeadPoseEstimator, crop_closeup
from functions.vision.image_decoding import DecodedPicture
from functions.vision.pose import PoseEstimator, hand_over_mouth
from functions.vision.rules import Thresholds, body_of
from functions.vision.upright import Look, UprightLook

# In a crowd, only the largest faces are compared with the reference.
_MAX_COMPARED_FACES = 4


@dataclass(frozen=True)
class DetectedFace:
    """A face: its embedding (a unit vector), and its yaw in degrees, 0 towards the camera."""

    embedding: FloatArray
    yaw: float


@dataclass(frozen=True)
class FaceReadings:
    """What was read from a picture's faces; None where it was not measured or cannot be.

    ``similarity`` is the highest cosine similarity between the reference and the faces; the rest
    belongs to the largest face, in the first view only.
    """

    similarity: float | None
    head: HeadPose | None
    gaze: float | None
    hand: float | None
    half_out: bool = False


class FaceReader:
    """Runs the models that judge faces."""

    def __init__(
        self,
        embedder: FaceEmbedder,
        head_pose: HeadPoseEstimator,
        gaze: GazeEstimator,
        pose: PoseEstimator,
        upright: UprightLook,
    ) -> None:
        self._embedder, self._head_pose, self._gaze, self._pose = embedder, head_pose, gaze, pose
        self._upright = upright

    def read(
        self, frame: Frame, detections: Detections, reference: FloatArray | None
    ) -> FaceReadings:
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
            half_out = _is_half_out(main, detections, frame)
            head, gaze = self._head_and_gaze(image, closeup) if closeup else (None, None)
            if main and head and not half_out and _is_doubtful(head, similarity, thresholds):
                looks = self._upright.read(image, main, head.roll)
                head = _least_anomalous(head, looks, thresholds)
                similarity = self._most_similar(similarity, looks, reference)
        with timer.stage("hands"):
            hand = self._hand_over_mouth(image, closeup, head, detections.objects, thresholds)
        return FaceReadings(similarity, head, gaze, hand, half_out)

    def read_one(self, picture: DecodedPicture, face: FaceBox) -> DetectedFace:
        """Return one face's embedding and yaw."""
        crop = align_face(picture.image, face)
        embedding: FloatArray = self._embedder.embed([crop])[0]
        head = self._head_pose.read(crop_closeup(picture.image, face, crop))
        return DetectedFace(embedding, head.yaw)

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

    def _most_similar(
        self, similarity: float | None, looks: Sequence[Look], reference: FloatArray | None
    ) -> float | None:
        """Return the similarity of the face as it was seen, or turned upright if that is higher."""
        if similarity is None or not looks:
            return similarity
        upright = self._similarity([looks[-1].aligned_crop], reference)
        return similarity if upright is None else max(similarity, upright)

    def _similarity(self, crops: list[Crop], reference: FloatArray | None) -> float | None:
        """Return the highest cosine similarity between the reference and the faces."""
        if reference is None or not crops:
            return None
        return float((self._embedder.embed(crops) @ reference).max())


def _is_half_out(main: FaceBox | None, detections: Detections, frame: Frame) -> bool:
    """Return whether the frame cuts the face, or the body where its face would be."""
    size = frame.picture.image.size
    if main is not None:
        return is_cut_by_frame(main, size)
    body = hidden_body(detections.objects, frame.thresholds) if frame.view == "first" else None
    return body is not None and is_body_cut_by_frame(body, size)


def _is_doubtful(head: HeadPose, similarity: float | None, thresholds: Thresholds) -> bool:
    """Return whether a face may seem covered, or a stranger's, only because it is tilted."""
    odd = head.anomaly >= thresholds.anomaly
    strange = similarity is not None and similarity < thresholds.same_person
    return abs(head.roll) >= thresholds.tilt and (odd or strange)


def _least_anomalous(head: HeadPose, looks: Sequence[Look], thresholds: Thresholds) -> HeadPose:
    """Return the head pose with the lowest anomaly score of all looks, if it seemed covered."""
    if head.anomaly < thresholds.anomaly:
        return head
    return replace(head, anomaly=min([head.anomaly, *(look.head.anomaly for look in looks)]))


def _comparable(faces: list[FaceBox], frame: Frame) -> list[FaceBox]:
    """Return the largest faces, of those that are large enough to be compared."""
    width, min_width = frame.picture.image.width, frame.thresholds.identity_width
    large_enough = [face for face in faces if face.box.w * width >= min_width]
    return sorted(large_enough, key=lambda face: face.box.area)[-_MAX_COMPARED_FACES:]
