"""A second look at a tilted face, turned upright: tilted, it resembles a covered one or a stranger's.

The anomaly score's measures are those of upright faces, and the keypoints by which a face is aligned
are found less well on tilted ones. How far it is tilted, the head pose model says well; the keypoints
of the eyes say less than half of it. The face counts as covered, and as another person's, only if
all looks agree.
"""

import math
from dataclasses import dataclass

from PIL import Image

from functions.vision.face_embedding import Crop, align_face
from functions.vision.faces import FaceBox, FaceDetector, detector_input
from functions.vision.head_pose import HeadPose, HeadPoseEstimator, crop_closeup
from functions.vision.image_decoding import DecodedPicture

SIDE = 320
# The region around the face, in multiples of its box's longer side.
_SCALE = 2.0
# A strongly tilted face may need a second turn.
_MAX_TURNS = 2
_STILL_TILTED = 8.0


@dataclass(frozen=True, eq=False)
class Look:
    """What a face looks like turned upright: its head pose, and the face aligned."""

    head: HeadPose
    aligned_crop: Crop


class UprightLook:
    """Detects a tilted face again after turning it upright, and estimates its head pose."""

    def __init__(self, faces: FaceDetector, head_pose: HeadPoseEstimator) -> None:
        self._faces, self._head_pose = faces, head_pose

    def read(self, image: Image.Image, face: FaceBox, roll: float) -> list[Look]:
        """Return the looks at a face tilted by *roll* degrees, each more upright than the last."""
        looks = list[Look]()
        for _ in range(_MAX_TURNS):
            image = turn_upright(image, face, roll)
            faces = self._faces.detect(detector_input(DecodedPicture(image, SIDE, SIDE)))
            if not faces:
                break
            face = max(faces, key=lambda found: found.box.area)
            crop = align_face(image, face)
            head = self._head_pose.read(crop_closeup(image, face, crop))
            looks.append(Look(head, crop))
            roll = head.roll
            if abs(roll) < _STILL_TILTED:
                break
        return looks


def turn_upright(image: Image.Image, face: FaceBox, roll: float) -> Image.Image:
    """Return the square around a face that is tilted by *roll* degrees, upright; black outside."""
    box = face.box
    x, y = (box.x + box.w / 2) * image.width, (box.y + box.h / 2) * image.height
    step = _SCALE * max(box.w * image.width, box.h * image.height) / SIDE
    angle = math.radians(roll)
    across, down = step * math.cos(angle), step * math.sin(angle)
    half = SIDE / 2
    matrix = (
        *(across, -down, x - half * (across - down)),
        *(down, across, y - half * (down + across)),
    )
    return image.transform((SIDE, SIDE), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
