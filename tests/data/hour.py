"""A simulated hour of monitoring: 720 deterministic webcam frames, one every 5 s.

More than three quarters show a candidate who behaves properly: moves, glances aside, drinks,
scratches the nose, sits in changing light, in the dark for a while, and is twice out of focus. Five
offences follow, with normal behaviour in between. A few dozen distinct frames are repeated.

The phone at the side covers the same hour in 360 frames: a person in a room who moves, in changing
light, on a shaking table; then three offences of its own.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.data import scenes

INTERVAL = 5
"""Seconds between two snapshots of the webcam."""
SNAPSHOTS = 720
_CANDIDATE, _STRANGER, _TURNED = "person_a.jpg", "person_b.jpg", "person_c.jpg"
_WALL = (90, 90, 96)
_SITTING_FRAMES = 36


@dataclass(frozen=True)
class Stretch:
    """A stretch of the hour with one scene: the first snapshot and the number of snapshots."""

    scene: str
    first: int
    count: int


# Normal behaviour; each stretch is too short to become a flag.
HABITS = (
    *(Stretch("glance", first, 1) for first in (20, 75, 76, 140, 260, 333, 451, 520, 521)),
    *(Stretch("drink", first, 2) for first in (110, 300, 470)),
    *(Stretch("scratch", first, 1) for first in (50, 210, 211, 395)),
    Stretch("dark", 230, 12),
    Stretch("blurred", 360, 1),
    Stretch("blurred", 500, 2),
)
OFFENCES = (
    Stretch("absent", 560, 6),
    Stretch("extra_person", 590, 4),
    Stretch("identity_mismatch", 620, 5),
    Stretch("phone", 650, 3),  # 15 s
    Stretch("camera_covered", 680, 4),
)


def hour(seed: int = 3) -> Iterator[bytes]:
    """Yield the frames as JPEG, in order; a repeated frame has equal bytes."""
    rng = np.random.default_rng(seed)
    sitting = [_jpeg(_perturb(scenes.one_person(_CANDIDATE), rng)) for _ in range(_SITTING_FRAMES)]
    frames = [sitting[index] for index in rng.integers(0, _SITTING_FRAMES, SNAPSHOTS)]
    for stretch in (*HABITS, *OFFENCES):
        stretch_frames = [_jpeg(_SCENES[stretch.scene](rng)) for _ in range(min(stretch.count, 3))]
        for number in range(stretch.count):
            frames[stretch.first + number] = stretch_frames[number % len(stretch_frames)]
    yield from frames


SIDE_INTERVAL = 10
"""Seconds between two snapshots of the second view."""
SIDE_SNAPSHOTS = 360
_SIDE_SITTING_FRAMES = 12

SIDE_OFFENCES = (
    Stretch("camera_moved", 230, 9),
    Stretch("absent", 270, 4),
    Stretch("phone", 310, 2),
)


def side_view(seed: int = 4) -> Iterator[bytes]:
    """Yield the frames of the second view as JPEG, in order."""
    rng = np.random.default_rng(seed)
    sitting = [_jpeg(_side_frame(rng)) for _ in range(_SIDE_SITTING_FRAMES)]
    frames = [sitting[index] for index in rng.integers(0, _SIDE_SITTING_FRAMES, SIDE_SNAPSHOTS)]
    for stretch in SIDE_OFFENCES:
        stretch_frames = [
            _jpeg(_SIDE_SCENES[stretch.scene](rng)) for _ in range(min(stretch.count, 3))
        ]
        for number in range(stretch.count):
            frames[stretch.first + number] = stretch_frames[number % len(stretch_frames)]
    yield from frames


Generator = np.random.Generator


def _side_frame(
    rng: Generator,
    camera_shift: tuple[int, int] = (0, 0),
    *,
    occupied: bool = True,
    phone: bool = False,
) -> Image.Image:
    x, y = rng.integers(-5, 6, 2)
    shift = (camera_shift[0] + int(x), camera_shift[1] + int(y))
    offset = int(rng.integers(-60, 61))
    frame = scenes.in_room(_CANDIDATE if occupied else None, shift, offset, phone=phone)
    return _with_light(frame, rng, rng.uniform(0.65, 1.15))


_SIDE_SCENES: dict[str, Callable[[Generator], Image.Image]] = {
    "camera_moved": lambda rng: _side_frame(rng, (140, -60)),
    "absent": lambda rng: _side_frame(rng, occupied=False),
    "phone": lambda rng: _side_frame(rng, phone=True),
}


def _perturb(frame: Image.Image, rng: Generator) -> Image.Image:
    """Return a frame nearer or further, slightly shifted, in other light, with sensor noise."""
    scale, (x, y) = rng.uniform(0.88, 1.06), rng.uniform(-30, 30, 2)
    matrix = (scale, 0, x + 320 * (1 - scale), 0, scale, y / 2 + 240 * (1 - scale))
    moved = frame.transform(
        frame.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=_WALL
    )
    return _with_light(moved, rng, rng.uniform(0.65, 1.2))


def _with_light(frame: Image.Image, rng: Generator, light: float) -> Image.Image:
    """Return a frame with its brightness scaled by `light`, with sensor noise."""
    pixels = np.asarray(frame, np.float32) * light
    pixels += rng.normal(0, rng.uniform(0.5, 3), pixels.shape)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _drinking_frame() -> Image.Image:
    """A white cup in front of mouth and nose."""
    frame = scenes.one_person(_CANDIDATE)
    pen = ImageDraw.Draw(frame)
    pen.polygon([(262, 128), (324, 128), (316, 200), (270, 200)], (226, 226, 220))
    pen.ellipse((258, 120, 328, 138), (240, 240, 236))
    return frame


def _scratching_frame() -> Image.Image:
    """A hand from below, with a finger at the nose."""
    frame = scenes.one_person(_CANDIDATE)
    pen = ImageDraw.Draw(frame)
    pen.line((290, 132, 316, 190), (214, 160, 132), 15)
    pen.ellipse((296, 174, 366, 250), (206, 150, 122))
    return frame


def _covered_frame(rng: Generator) -> Image.Image:
    """A thumb on the lens."""
    across = np.linspace(0, 60, 640, dtype=np.float32)[:, None]
    thumb = np.full((480, 640, 3), (90, 32, 24), np.float32) + across
    return _with_light(Image.fromarray(thumb.astype(np.uint8)), rng, rng.uniform(0.8, 1.1))


def _blurred_frame(rng: Generator) -> Image.Image:
    return _perturb(scenes.one_person(_CANDIDATE), rng).filter(ImageFilter.GaussianBlur(9))


_SCENES: dict[str, Callable[[Generator], Image.Image]] = {
    "glance": lambda rng: _perturb(scenes.one_person(_TURNED), rng),
    "drink": lambda rng: _perturb(_drinking_frame(), rng),
    "scratch": lambda rng: _perturb(_scratching_frame(), rng),
    "dark": lambda rng: _with_light(scenes.one_person(_CANDIDATE), rng, 0.15),
    "blurred": _blurred_frame,
    "absent": lambda rng: _perturb(scenes.empty(), rng),
    "extra_person": lambda rng: _perturb(scenes.two_people(_CANDIDATE, _STRANGER), rng),
    "identity_mismatch": lambda rng: _perturb(scenes.one_person(_STRANGER), rng),
    "phone": lambda rng: _perturb(scenes.holding_phone(_CANDIDATE), rng),
    "camera_covered": _covered_frame,
}


def _jpeg(frame: Image.Image) -> bytes:
    stream = io.BytesIO()
    frame.save(stream, "JPEG", quality=85)
    return stream.getvalue()
