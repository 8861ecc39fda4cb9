"""Portraits with drawn glasses, with shadowed eyes, in any light, seen by any camera; seeded."""

import io
import math
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from functions.vision.boxes import FloatArray

_LENSES = [(15, 15, 18), (35, 25, 18), (25, 30, 40), (60, 35, 15), (20, 40, 30), (70, 50, 70)]
_CLEAR = (230, 235, 240)
_FRAMES = [(20, 18, 16), (60, 40, 25), (150, 140, 120), (90, 90, 95), (10, 10, 10)]
_ZOOM = 4
_POOR_WIDTHS = (50, 70)  # pixels of a face in 320×240

Point = tuple[float, float]


def seeded(seed: int) -> Random:
    """Return a generator of the same drawings for the same seed."""
    return Random(seed)  # noqa: S311 (nothing here is secret)


def with_glasses(
    image: Image.Image, eyes: FloatArray, random: Random, *, dark: bool
) -> Image.Image:
    """Draw glasses over the eyes, (2, 2): lenses, a reflection on some, and the frame."""
    large = image.resize((image.width * _ZOOM, image.height * _ZOOM), Image.Resampling.BICUBIC)
    first, second = eyes * _ZOOM
    distance = float(np.linalg.norm(second - first))
    across = (second - first) / distance
    down = np.array([-across[1], across[0]])
    width = distance * random.uniform(0.36, 0.46)
    height, drop = width * random.uniform(0.55, 0.95), distance * random.uniform(0, 0.08)
    power = random.choice([2, 2, 4])
    outlines = [
        [
            _point(eye + across * x * width + down * (y * height + drop))
            for x, y in _superellipse(power)
        ]
        for eye in (first, second)
    ]
    opacity = random.uniform(0.72, 1) if dark else random.uniform(0, 0.14)
    _blend(large, random.choice(_LENSES) if dark else _CLEAR, outlines, opacity, 1.5)
    if random.random() < 0.55:
        glints = [
            [
                _point(eye + across * (x * 0.2 - 0.1) * width + down * (y * 0.1 - 0.3) * height)
                for x, y in _superellipse(2)
            ]
            for eye in (first, second)
        ]
        _blend(large, (240, 245, 250), glints, random.uniform(0.25, 0.9), distance * 0.02)
    pen, colour = ImageDraw.Draw(large), random.choice(_FRAMES)
    thickness = max(2, int(distance * random.choice([0.02, 0.035, 0.06])))
    for outline in outlines:
        pen.line([*outline, outline[0]], colour, thickness)
    pen.line([_point(first + across * width), _point(second - across * width)], colour, thickness)
    return large.resize(image.size, Image.Resampling.BOX)


def with_shadowed_eyes(image: Image.Image, eyes: FloatArray, random: Random) -> Image.Image:
    """Darken the eye sockets as light from above does: the texture stays."""
    pixels = np.asarray(image, np.float32)
    rows, columns = np.mgrid[0 : image.height, 0 : image.width]
    distance = float(np.linalg.norm(eyes[1] - eyes[0]))
    depth, width = random.uniform(0.35, 0.75), distance * random.uniform(0.22, 0.34)
    height, drop = distance * random.uniform(0.16, 0.26), distance * random.uniform(-0.12, 0.1)
    sockets = [
        np.exp(-(((columns - x) / width) ** 4 + ((rows - y - drop) / height) ** 4))
        for x, y in eyes.tolist()
    ]
    return _image(pixels * (1 - depth * np.maximum(*sockets))[..., None])


def in_other_light(image: Image.Image, random: Random) -> Image.Image:
    """Change brightness, colour and side of the light, and add noise and blur."""
    pixels = np.asarray(image, np.float32) * random.uniform(0.4, 1.25)
    if random.random() < 0.3:
        pixels = pixels * np.array([random.uniform(0.8, 1.2) for _ in range(3)])
    if random.random() < 0.3:
        ends = random.uniform(0.5, 1.2), random.uniform(0.5, 1.2)
        pixels = pixels * np.linspace(*ends, image.width)[None, :, None]
    noise = np.random.default_rng(random.randrange(1 << 30))
    lit = _image(pixels + noise.normal(0, random.uniform(0, 6), pixels.shape))
    if random.random() < 0.3:
        return lit.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.6)))
    return lit


def as_cameras_see(image: Image.Image, width: float, random: Random) -> list[Image.Image]:
    """Return a portrait as it is, in a dim room, and by a poor camera; *width* is the face's."""
    noise = np.random.default_rng(random.randrange(1 << 30))
    pixels = np.asarray(image, np.float32) * 0.4
    pixels += noise.normal(0, 1.5, pixels.shape[:2])[..., None]
    pixels += noise.normal(0, random.uniform(1, 3), pixels.shape)
    factor = min(1.0, random.uniform(*_POOR_WIDTHS) / width)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    small = image.resize(size, Image.Resampling.BOX).resize(image.size, Image.Resampling.BILINEAR)
    poor = np.asarray(small, np.float32)
    poor += noise.normal(0, random.uniform(1, 3), poor.shape)
    return [image, *(_as_jpeg(_image(seen)) for seen in (pixels, poor))]


def _as_jpeg(image: Image.Image) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85)
    return Image.open(io.BytesIO(stream.getvalue())).convert("RGB")


def _superellipse(power: int) -> list[Point]:
    angles = [index * math.tau / 40 for index in range(40)]
    points = [(math.cos(angle), math.sin(angle)) for angle in angles]
    radii = [(abs(x) ** power + abs(y) ** power) ** (-1 / power) for x, y in points]
    return [(x * radius, y * radius) for (x, y), radius in zip(points, radii, strict=True)]


def _blend(
    image: Image.Image,
    colour: tuple[int, int, int],
    outlines: list[list[Point]],
    opacity: float,
    blur: float,
) -> None:
    mask = Image.new("L", image.size, 0)
    for outline in outlines:
        ImageDraw.Draw(mask).polygon(outline, round(255 * opacity))
    image.paste(colour, (0, 0), mask.filter(ImageFilter.GaussianBlur(blur)))


def _point(vector: FloatArray) -> Point:
    x, y = vector.tolist()
    return x, y


def _image(pixels: NDArray[Any]) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
