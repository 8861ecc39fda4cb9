"""An hour before the camera: 720 webcam frames, one each 5 s, the same ones every time.

More than three quarters are a candidate sitting properly, who moves, whose light changes, who
glances aside, drinks, scratches the nose, sits without light for a while, and is twice out of
focus. Then five offences follow, with quiet between them. A few dozen distinct frames are shown
again and again.

The phone at the side sees the same hour in 360 frames: somebody in a room, who moves, now brighter,
now darker, on a table that shakes; then three offences of its own.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.data import scenes

PACE = 5
"""Seconds between two snapshots."""
SNAPSHOTS = 720
_CANDIDATE, _STRANGER, _TURNED = "person_a.jpg", "person_b.jpg", "person_c.jpg"
_WALL = (90, 90, 96)
_SITTING = 36


@dataclass(frozen=True)
class Shown:
    """A stretch of the hour that shows one thing: from which snapshot, and for how many."""

    what: str
    first: int
    count: int


# What an honest candidate does; each stretch by itself is too short to mean anything.
HABITS = (
    *(Shown("glance", first, 1) for first in (20, 75, 76, 140, 260, 333, 451, 520, 521)),
    *(Shown("drink", first, 2) for first in (110, 300, 470)),
    *(Shown("scratch", first, 1) for first in (50, 210, 211, 395)),
    Shown("dark", 230, 12),
    Shown("blurred", 360, 1),
    Shown("blurred", 500, 2),
)
OFFENCES = (
    Shown("absent", 560, 6),
    Shown("extra_person", 590, 4),
    Shown("identity_mismatch", 620, 5),
    Shown("phone", 650, 3),  # 15 s
    Shown("camera_covered", 680, 4),
)


def hour(seed: int = 3) -> Iterator[bytes]:
    """The frames as JPEG, in order; equal bytes where a frame is shown again."""
    rng = np.random.default_rng(seed)
    sitting = [_jpeg(_shaken(scenes.alone(_CANDIDATE), rng)) for _ in range(_SITTING)]
    frames = [sitting[index] for index in rng.integers(0, _SITTING, SNAPSHOTS)]
    for stretch in (*HABITS, *OFFENCES):
        shown = [_jpeg(_SCENES[stretch.what](rng)) for _ in range(min(stretch.count, 3))]
        for number in range(stretch.count):
            frames[stretch.first + number] = shown[number % len(shown)]
    yield from frames


PACE_BESIDE = 10
"""Seconds between two snapshots from the side."""
SNAPSHOTS_BESIDE = 360
_SITTING_BESIDE = 12

OFFENCES_BESIDE = (
    Shown("camera_moved", 230, 9),
    Shown("absent", 270, 4),
    Shown("phone", 310, 2),
)


def beside(seed: int = 4) -> Iterator[bytes]:
    """The frames of the second view as JPEG, in order."""
    rng = np.random.default_rng(seed)
    sitting = [_jpeg(_beside(rng)) for _ in range(_SITTING_BESIDE)]
    frames = [sitting[index] for index in rng.integers(0, _SITTING_BESIDE, SNAPSHOTS_BESIDE)]
    for stretch in OFFENCES_BESIDE:
        shown = [_jpeg(_SCENES_BESIDE[stretch.what](rng)) for _ in range(min(stretch.count, 3))]
        for number in range(stretch.count):
            frames[stretch.first + number] = shown[number % len(shown)]
    yield from frames


Generator = np.random.Generator


def _beside(
    rng: Generator, turned: tuple[int, int] = (0, 0), *, taken: bool = True, phone: bool = False
) -> Image.Image:
    x, y = rng.integers(-5, 6, 2)
    shift = (turned[0] + int(x), turned[1] + int(y))
    aside = int(rng.integers(-60, 61))
    frame = scenes.in_room(_CANDIDATE if taken else None, shift, aside, phone=phone)
    return _lit(frame, rng, rng.uniform(0.65, 1.15))


_SCENES_BESIDE: dict[str, Callable[[Generator], Image.Image]] = {
    "camera_moved": lambda rng: _beside(rng, (140, -60)),
    "absent": lambda rng: _beside(rng, taken=False),
    "phone": lambda rng: _beside(rng, phone=True),
}


def _shaken(frame: Image.Image, rng: Generator) -> Image.Image:
    """Nearer or farther, a little to the side, under another light, with grain."""
    scale, (x, y) = rng.uniform(0.88, 1.06), rng.uniform(-30, 30, 2)
    matrix = (scale, 0, x + 320 * (1 - scale), 0, scale, y / 2 + 240 * (1 - scale))
    moved = frame.transform(
        frame.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=_WALL
    )
    return _lit(moved, rng, rng.uniform(0.65, 1.2))


def _lit(frame: Image.Image, rng: Generator, light: float) -> Image.Image:
    """The frame under so much of its light, with a camera's grain."""
    pixels = np.asarray(frame, np.float32) * light
    pixels += rng.normal(0, rng.uniform(0.5, 3), pixels.shape)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _drinking() -> Image.Image:
    """A white cup before mouth and nose."""
    frame = scenes.alone(_CANDIDATE)
    pen = ImageDraw.Draw(frame)
    pen.polygon([(262, 128), (324, 128), (316, 200), (270, 200)], (226, 226, 220))
    pen.ellipse((258, 120, 328, 138), (240, 240, 236))
    return frame


def _scratching() -> Image.Image:
    """A hand that comes from below, its finger at the nose."""
    frame = scenes.alone(_CANDIDATE)
    pen = ImageDraw.Draw(frame)
    pen.line((290, 132, 316, 190), (214, 160, 132), 15)
    pen.ellipse((296, 174, 366, 250), (206, 150, 122))
    return frame


def _covered(rng: Generator) -> Image.Image:
    """A thumb on the lens."""
    across = np.linspace(0, 60, 640, dtype=np.float32)[:, None]
    thumb = np.full((480, 640, 3), (90, 32, 24), np.float32) + across
    return _lit(Image.fromarray(thumb.astype(np.uint8)), rng, rng.uniform(0.8, 1.1))


def _blurred(rng: Generator) -> Image.Image:
    return _shaken(scenes.alone(_CANDIDATE), rng).filter(ImageFilter.GaussianBlur(9))


_SCENES: dict[str, Callable[[Generator], Image.Image]] = {
    "glance": lambda rng: _shaken(scenes.alone(_TURNED), rng),
    "drink": lambda rng: _shaken(_drinking(), rng),
    "scratch": lambda rng: _shaken(_scratching(), rng),
    "dark": lambda rng: _lit(scenes.alone(_CANDIDATE), rng, 0.15),
    "blurred": _blurred,
    "absent": lambda rng: _shaken(scenes.empty(), rng),
    "extra_person": lambda rng: _shaken(scenes.together(_CANDIDATE, _STRANGER), rng),
    "identity_mismatch": lambda rng: _shaken(scenes.alone(_STRANGER), rng),
    "phone": lambda rng: _shaken(scenes.holding_phone(_CANDIDATE), rng),
    "camera_covered": _covered,
}


def _jpeg(frame: Image.Image) -> bytes:
    stream = io.BytesIO()
    frame.save(stream, "JPEG", quality=85)
    return stream.getvalue()
