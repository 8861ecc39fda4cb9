"""The changes: tilt, the frame's edge, light, colour, noise, blur, JPEG, mirror, glasses, size.

Each takes a picture of a face and returns the changed one, or None where it cannot be made.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from chalicelib.domain.rules.findings import FindingKind
from functions.vision.faces import FaceBox

Generator = np.random.Generator
Change = Callable[["Portrait"], Image.Image | None]
NO_FACE = "no face found"
_SMALL = (320, 240)
_FRAME = (640, 480)


@dataclass(frozen=True, eq=False)
class Portrait:
    """A picture of one face, and what chooses among equal ways to change it."""

    image: Image.Image
    face: FaceBox
    rng: Generator

    @property
    def corner(self) -> tuple[float, float]:
        """The upper left corner of the face, in pixels."""
        return self.face.box.x * self.image.width, self.face.box.y * self.image.height

    @property
    def size(self) -> tuple[float, float]:
        """The width and the height of the face, in pixels."""
        return self.face.box.w * self.image.width, self.face.box.h * self.image.height

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the face, in pixels."""
        (left, top), (width, height) = self.corner, self.size
        return left + width / 2, top + height / 2


@dataclass(frozen=True)
class Distortion:
    """A change of a picture, and what may, or must, be found because of it."""

    name: str
    change: Change
    may: frozenset[str] = frozenset()
    must: FindingKind | None = None


def _tilt(portrait: Portrait, degrees: float) -> Image.Image:
    """Turn the picture around the face; the corners repeat the edge."""
    x, y = portrait.middle
    reach = max(portrait.image.size)
    turned = _padded(portrait.image, reach).rotate(
        degrees, Image.Resampling.BICUBIC, center=(x + reach, y + reach)
    )
    return turned.crop((reach, reach, reach + portrait.image.width, reach + portrait.image.height))


def _cut(portrait: Portrait, share: float) -> Image.Image | None:
    """Cut off a share of the face by the left, the right or the lower edge of the picture."""
    image, (left, top), (width, height) = portrait.image, portrait.corner, portrait.size
    side = int(portrait.rng.integers(3))
    area = (
        (round(left + share * width), 0, image.width, image.height),
        (0, 0, round(left + (1 - share) * width), image.height),
        (0, 0, image.width, round(top + (1 - share) * height)),
    )[side]
    if area[2] - area[0] < width * 0.3 or area[3] - area[1] < height * 0.3:
        return None
    return image.crop(area)


def _light(portrait: Portrait, factor: float) -> Image.Image:
    return portrait.image.point(lambda value: min(255, round(value * factor)))


def _cast(portrait: Portrait, gains: tuple[float, float, float]) -> Image.Image:
    return _clipped(np.asarray(portrait.image, np.float32) * np.array(gains, np.float32))


def _noise(portrait: Portrait, strength: float) -> Image.Image:
    pixels = np.asarray(portrait.image, np.float32)
    return _clipped(pixels + portrait.rng.normal(0, strength, pixels.shape))


def _blur(portrait: Portrait, part: float) -> Image.Image:
    """Blur by a part of the face's width."""
    return portrait.image.filter(ImageFilter.GaussianBlur(part * portrait.size[0]))


def _mirror(portrait: Portrait) -> Image.Image:
    return ImageOps.mirror(portrait.image)


def _small(portrait: Portrait) -> Image.Image:
    """Show the picture in 320×240."""
    small = ImageOps.contain(portrait.image, _SMALL, Image.Resampling.BOX)
    return _in_frame(small, _SMALL)


def _far(portrait: Portrait, width: float) -> Image.Image:
    """Show the face *width* pixels wide, in a picture of 640×480."""
    factor = width / (portrait.size[0])
    size = (
        max(1, round(portrait.image.width * factor)),
        max(1, round(portrait.image.height * factor)),
    )
    x, y = (round(value * factor) for value in portrait.middle)
    far = portrait.image.resize(
        size, Image.Resampling.BOX if factor < 1 else Image.Resampling.BICUBIC
    )
    left = max(0, min(far.width - _FRAME[0], x - _FRAME[0] // 2))
    top = max(0, min(far.height - _FRAME[1], y - _FRAME[1] // 2))
    cropped = far.crop((left, top, min(far.width, left + 640), min(far.height, top + 480)))
    return _in_frame(cropped, _FRAME)


def _glasses(portrait: Portrait, *, dark: bool) -> Image.Image:
    """Draw glasses through the eyes: thin rims, and lenses that are clear or dark."""
    right, left = (np.asarray(eye, float) for eye in portrait.face.keypoints[:2])
    across = left - right
    distance = max(8.0, float(np.linalg.norm(across)))
    step, down = across / distance, np.array([-across[1], across[0]]) / distance
    scale = 3
    overlay = Image.new("RGBA", (portrait.image.width * scale, portrait.image.height * scale))
    pen = ImageDraw.Draw(overlay)
    tone = int(portrait.rng.integers(10, 40))
    fill = (tone, tone, tone + 4, 245) if dark else (235, 240, 245, 26)
    rim = (tone, tone, tone, 255)
    thick = max(1, round(distance * 0.05 * scale))
    turns = np.linspace(0, 2 * np.pi, 32)
    for eye in (right, left):
        points = [
            (eye + step * distance * 0.46 * np.cos(t) + down * distance * 0.38 * np.sin(t)) * scale
            for t in turns
        ]
        outline = [(float(x), float(y)) for x, y in points]
        pen.polygon(outline, fill=fill)
        pen.line(outline, fill=rim, width=thick, joint="curve")
    for start, end in (
        (right + step * distance * 0.44, left - step * distance * 0.4),
        (right - step * distance * 0.44, right - step * distance * 0.75),
        (left + step * distance * 0.44, left + step * distance * 0.75),
    ):
        pen.line([*(start * scale), *(end * scale)], fill=rim, width=thick)
    result = portrait.image.convert("RGBA")
    result.alpha_composite(overlay.reduce(scale))
    return result.convert("RGB")


def _jpeg(portrait: Portrait, quality: int) -> Image.Image:
    stream = io.BytesIO()
    portrait.image.save(stream, "JPEG", quality=quality)
    return Image.open(io.BytesIO(stream.getvalue())).convert("RGB")


def _padded(image: Image.Image, reach: int) -> Image.Image:
    pixels = np.asarray(image)
    return Image.fromarray(np.pad(pixels, ((reach, reach), (reach, reach), (0, 0)), mode="edge"))


def _in_frame(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a picture in the middle of a frame, over itself, large and out of focus."""
    frame = ImageOps.fit(image, size).filter(ImageFilter.GaussianBlur(size[0] / 25))
    frame.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    return frame


def _clipped(pixels: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


_DARK = frozenset({FindingKind.TOO_DARK.value})
_BLURRED = frozenset({FindingKind.TOO_BLURRED.value})
# Whoever is half out of the frame is asked to come back into it; half a face need not be found.
_HALF_OUT = frozenset({FindingKind.HALF_OUT_OF_FRAME.value, NO_FACE})
_GLASSES = frozenset({FindingKind.FACE_OCCLUDED.value, FindingKind.IDENTITY_MISMATCH.value})

DISTORTIONS: tuple[Distortion, ...] = (
    *(
        Distortion(f"tilt {degrees:+d}°", partial(_tilt, degrees=degrees))
        for degrees in (-35, -25, -15, 15, 25, 35)
    ),
    *(
        Distortion(f"cut by the frame, {percent} %", partial(_cut, share=percent / 100), _HALF_OUT)
        for percent in (10, 20, 40, 60)
    ),
    *(
        Distortion(f"light ×{factor}", partial(_light, factor=factor), _DARK)
        for factor in (0.15, 0.3, 0.5, 1.5, 2.0)
    ),
    Distortion("colour cast, warm", partial(_cast, gains=(1.25, 1.0, 0.7))),
    Distortion("colour cast, cold", partial(_cast, gains=(0.75, 1.0, 1.25))),
    Distortion("noise 12", partial(_noise, strength=12)),
    Distortion("noise 25", partial(_noise, strength=25)),
    Distortion("blur, 2 % of the face", partial(_blur, part=0.02), _BLURRED),
    Distortion("blur, 5 % of the face", partial(_blur, part=0.05), _BLURRED),
    Distortion("JPEG 30", partial(_jpeg, quality=30)),
    Distortion("mirrored", _mirror),
    Distortion("clear glasses drawn", partial(_glasses, dark=False)),
    Distortion(
        "dark glasses drawn",
        partial(_glasses, dark=True),
        _GLASSES,
        FindingKind.FACE_OCCLUDED,
    ),
    Distortion("320×240", _small),
    Distortion("a face of 40 px", partial(_far, width=40)),
)
