"""Cut persons' heads and phones in hands out of the folder's pictures, by colour.

No segmentation model is at hand, so a cut-out is made of two seeds, what is certainly inside and
what is certainly outside, and of the colours that these show (``matte``). Edges are soft. A
cut-out whose matte is no single compact piece is not used.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions import MODELS_DIR, open_model
from functions.vision.boxes import Box
from functions.vision.faces import FaceBox, FaceDetector, detector_input
from functions.vision.image_decoding import DecodedPicture, UnreadablePicture, decode_picture
from functions.vision.objects import LETTERBOX, ObjectDetector
from models.evaluate.rooms.matting import Mask, matte, with_alpha
from models.evaluate.scenes import Scene

_MIN_SCORE = 0.45
_MIN_LONG_SIDE = 60.0
_HAND = 1.3  # so far around a thing, in halves of its box, skin is the hand that holds it
_MIN_FACE_WIDTH = 60.0
_MAX_TURNED = 0.12  # of a face that looks ahead
_NEAR = 0.15  # of the width: a face at a desk
_MIN_OTHER_SCORE = 0.15  # a body: perhaps somebody else
# A room shows something of a desk, but not from so near that the desk is the picture.
_DESK_THINGS = ("tv", "laptop", "keyboard", "mouse", "book")
_MAX_DESK_THING = 0.1


@dataclass(frozen=True, eq=False)
class CutOut:
    """A piece of a picture with its matte (RGBA), and where it comes from.

    ``long_side`` is the length in pixels that it is scaled by: the longer side of the phone's box,
    or the height of the face. ``centre`` is the middle of that box, in pixels of ``image``.
    """

    image: Image.Image
    source: str
    long_side: float
    centre: tuple[float, float]
    turned: float = 0.0  # the nose's offset between the eyes; positive to the picture's right

    def mirrored(self) -> "CutOut":
        """Return the cut-out as a mirror shows it."""
        image = self.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        centre = (self.image.width - self.centre[0], self.centre[1])
        return CutOut(image, self.source, self.long_side, centre, -self.turned)


class Cutter:
    """Finds what to cut out with the product's own detectors."""

    def __init__(self) -> None:
        things, metadata = open_model(MODELS_DIR / "phone_recheck.onnx")
        self._faces = FaceDetector(open_model(MODELS_DIR / "faces.onnx")[0])
        self._things = ObjectDetector(things, metadata["labels"].split(","))

    def phones(self, scenes: Iterable[Scene]) -> Iterator[CutOut]:
        """Cut the phone and the hand out of every scene with a phone that can be cut out."""
        for scene in scenes:
            if scene.labels["phone"]:
                yield from self._things_of(scene, ("phone",))

    def other_things(self, scenes: Iterable[Scene]) -> Iterator[CutOut]:
        """Cut small things that are no phones out of scenes without a phone, in the same way."""
        for scene in scenes:
            if scene.labels["phone"] is False:
                yield from self._things_of(scene, ("remote", "mouse"))

    def heads(self, pictures: Iterable[Path]) -> Iterator[CutOut]:
        """Cut the head and the neck out of every picture of one face."""
        for path in pictures:
            picture = _decoded(path)
            if picture is None:
                continue
            faces = [
                face for face in self._faces.detect(detector_input(picture)) if face.score >= 0.8
            ]
            if len(faces) == 1 and faces[0].box.w * picture.image.width >= _MIN_FACE_WIDTH:
                head = _head(picture.image, faces[0], path)
                if head is not None:
                    yield head

    def desk_picture(self, path: Path) -> Image.Image | None:
        """Return the picture of a room: something of a desk stands in it; else None."""
        picture = _decoded(path)
        if picture is None:
            return None
        boxes = self._things.detect(self._things.prepare(picture.image, LETTERBOX), _MIN_SCORE)
        sizes = [box.area for box in boxes if box.label in _DESK_THINGS]
        return picture.image if sizes and max(sizes) < _MAX_DESK_THING else None

    def calm_portrait(self, path: Path) -> Image.Image | None:
        """Return head and shoulders of a picture of one person who looks ahead; else None.

        Judged by keypoints and by the second detector, not by the rules that are to be evaluated.
        """
        picture = _decoded(path)
        if picture is None:
            return None
        faces = self._faces.detect(detector_input(picture))
        if len(faces) != 1 or abs(_turned(faces[0])) > _MAX_TURNED:
            return None
        box, (width, height) = faces[0].box, picture.image.size
        if box.w * width < _MIN_FACE_WIDTH:
            return None
        left, right = box.x - 0.65 * box.w, box.x + 1.65 * box.w
        top, bottom = box.y - 0.6 * box.h, box.y + 2.1 * box.h
        region = (left * width, top * height, right * width, bottom * height)
        portrait = picture.image.crop(_region(picture.image, region))
        return portrait if self._is_alone(portrait) else None

    def is_near(self, path: Path) -> bool:
        """Return whether a picture shows a face as near as a webcam does."""
        picture = _decoded(path)
        faces = self._faces.detect(detector_input(picture)) if picture else []
        return any(face.box.w >= _NEAR for face in faces)

    def shows_somebody(self, frame: bytes) -> bool:
        """Return whether a picture clearly shows a person, by the second detector."""
        image = decode_picture(frame).image
        boxes = self._things.detect(self._things.prepare(image, LETTERBOX), _MIN_SCORE)
        return any(box.label == "person" for box in boxes)

    def _is_alone(self, portrait: Image.Image) -> bool:
        boxes = self._things.detect(self._things.prepare(portrait, LETTERBOX), _MIN_OTHER_SCORE)
        return sum(box.label == "person" for box in boxes) <= 1

    def _things_of(self, scene: Scene, labels: Sequence[str]) -> Iterator[CutOut]:
        picture = _decoded(scene.path)
        if picture is None:
            return
        frame = self._things.prepare(picture.image, LETTERBOX)
        boxes = [
            box
            for box in self._things.detect(frame, _MIN_SCORE)
            if box.label in labels and _long_side(box, picture.image) >= _MIN_LONG_SIDE
        ]
        for box in sorted(boxes, key=lambda box: -box.score)[:1]:
            cut_out = _thing(picture.image, box, scene.path)
            if cut_out is not None:
                yield cut_out


def _decoded(path: Path) -> DecodedPicture | None:
    try:
        return decode_picture(path.read_bytes())
    except (OSError, UnreadablePicture):
        return None


def _long_side(box: Box, image: Image.Image) -> float:
    return max(box.w * image.width, box.h * image.height)


def _thing(image: Image.Image, box: Box, path: Path) -> CutOut | None:
    """Return a thing and the hand that holds it; None without a compact matte."""
    left, top = box.x * image.width, box.y * image.height
    width, height = box.w * image.width, box.h * image.height
    margin = 0.45 * max(width, height)
    region = _region(
        image, (left - margin, top - margin, left + width + margin, top + height + margin)
    )
    crop = image.crop(region).convert("RGB")
    middle = (left + width / 2 - region[0], top + height / 2 - region[1])
    x, y = _grid(crop.size)
    u, v = (x - middle[0]) / (width / 2), (y - middle[1]) / (height / 2)
    from_box = np.maximum(np.abs(u), np.abs(v))
    skin = _is_skin(np.asarray(crop, np.float32)) & (np.hypot(u, v) < 1.9)
    inside = (from_box < 0.8) | (skin & (from_box < _HAND))
    outside = (from_box > 1.12) & ~skin
    mask = matte(crop, inside, outside)
    mask *= np.clip((2.0 - np.hypot(u, v)) / 0.25, 0, 1)
    if float(mask[from_box < 1].mean()) < 0.5 or float(mask[outside].mean()) > 0.12:
        return None
    return CutOut(with_alpha(crop, mask), path.name, max(width, height), middle)


def _head(image: Image.Image, face: FaceBox, path: Path) -> CutOut | None:
    """Return a head with its hair and neck; None where it is cut by the picture's edge."""
    box = face.box
    left, top = box.x * image.width, box.y * image.height
    width, height = box.w * image.width, box.h * image.height
    wanted = (left - 0.55 * width, top - 0.5 * height, left + 1.55 * width, top + 1.45 * height)
    region = _region(image, wanted)
    if region[1] > wanted[1] + 0.1 * height or region[3] < wanted[3] - 0.25 * height:
        return None
    crop = image.crop(region).convert("RGB")
    middle = (left + width / 2 - region[0], top + height / 2 - region[1])
    x, y = _grid(crop.size)
    u, v = (x - middle[0]) / width, (y - middle[1]) / height
    skull = np.hypot(u / 0.72, (v + 0.13) / 0.78)
    neck = (np.abs(u) < 0.42) & (v > 0.2)
    inside = (np.hypot(u / 0.46, v / 0.52) < 1) | ((np.abs(u) < 0.22) & (v > 0.3))
    outside = (skull > 1.12) & ~neck & ~((v > 0.55) & (np.abs(u) < 0.7))
    mask = matte(crop, inside, outside)
    mask *= np.where(v > 0.72, np.clip((0.95 - v) / 0.23, 0, 1), 1)  # into the collar
    if float(mask[inside].mean()) < 0.9 or float(mask[skull > 1.25].mean()) > 0.25:
        return None
    return CutOut(with_alpha(crop, mask), path.name, height, middle, _turned(face))


def _turned(face: FaceBox) -> float:
    """Return the nose's offset between the eyes, in distances of the eyes."""
    eyes, nose = face.keypoints[:2], face.keypoints[2]
    return float((nose[0] - eyes[:, 0].mean()) / max(1.0, abs(float(eyes[1, 0] - eyes[0, 0]))))


def _region(
    image: Image.Image, wanted: tuple[float, float, float, float]
) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge) for edge in wanted)
    return max(0, left), max(0, top), min(image.width, right), min(image.height, bottom)


def _grid(size: tuple[int, int]) -> tuple[Mask, Mask]:
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    return columns + 0.5, rows + 0.5


def _is_skin(pixels: Mask) -> NDArray[np.bool]:
    """Return where pixels have the hue of skin, of any darkness."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    total = red + green + blue + 1
    r, g = red / total, green / total
    likely: NDArray[np.bool] = (r > 0.36) & (r < 0.56) & (g > 0.26) & (g < 0.36) & (red > 50)
    return likely
