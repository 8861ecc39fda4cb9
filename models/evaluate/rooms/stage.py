"""A drawn room in perspective: the camera, surfaces, and rounded bodies with shade and texture.

Lengths are metres: x to the sitter's right, y forward from the sitter to the screen, z up from the
floor. Everything is drawn onto one canvas from the furthest to the nearest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Point = tuple[float, float, float]
Colour = tuple[int, int, int]
Pixels = NDArray[np.floating]
SIZE = (1280, 720)
_FOCAL = SIZE[0] / 2 / np.tan(np.radians(34))  # a phone's camera sees 68° of the width
_LIGHT = np.array([-0.45, -0.75, 0.5], np.float32)  # in the picture: from the upper left
_LIGHT /= np.linalg.norm(_LIGHT)


@dataclass(frozen=True, eq=False)
class Camera:
    """Where the phone stands, and the point that its picture is centred on."""

    place: NDArray[np.float64]
    axes: NDArray[np.float64]  # rows: right, down, forward

    @classmethod
    def looking_at(cls, place: Point, target: Point) -> "Camera":
        """Return a level camera."""
        forward = np.subtract(target, place)
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, (0, 0, 1))
        right = right / np.linalg.norm(right)
        return cls(np.asarray(place, float), np.stack([right, np.cross(forward, right), forward]))

    def see(self, point: Point) -> tuple[float, float, float]:
        """Return where a point is seen, in pixels, and how far in front of the camera it is."""
        right, down, ahead = self.axes @ (np.asarray(point, float) - self.place)
        ahead = max(0.05, ahead)
        return (
            SIZE[0] / 2 + _FOCAL * right / ahead,
            SIZE[1] / 2 + _FOCAL * down / ahead,
            float(ahead),
        )

    def scale(self, point: Point) -> float:
        """Return how many pixels a metre is at a point."""
        return float(_FOCAL / self.see(point)[2])


class Canvas:
    """The picture while it is drawn."""

    def __init__(self, background: Image.Image, camera: Camera, rng: np.random.Generator) -> None:
        self.image = background.convert("RGB").resize(SIZE)
        self.camera = camera
        self._rng = rng

    def surface(
        self, corners: Sequence[Point], colour: Colour, grain: float = 6.0, streaks: int = 1
    ) -> None:
        """Draw a flat surface; *grain* is its texture, which *streaks* draws out sideways."""
        outline = [self.camera.see(corner)[:2] for corner in corners]
        box, mask = _polygon_mask(outline)
        if box is None:
            return
        texture = noise(self._rng, mask.size, grain, streaks)
        x = np.linspace(1.06, 0.92, mask.width, dtype=np.float32)[None, :, None]
        pixels = np.asarray(colour, np.float32) * x + texture[..., None]
        self.image.paste(to_image(pixels), box, mask)

    def picture(self, corners: Sequence[Point], picture: Image.Image) -> None:
        """Draw a picture on a flat rectangle, its corners from the upper left one clockwise."""
        outline = [self.camera.see(corner)[:2] for corner in corners]
        box, mask = _polygon_mask(outline)
        if box is None:
            return
        inner = [(x - box[0], y - box[1]) for x, y in outline]
        warped = picture.convert("RGB").transform(
            mask.size,
            Image.Transform.PERSPECTIVE,
            _perspective(inner, picture.size),
            Image.Resampling.BILINEAR,
        )
        self.image.paste(warped, box, mask)

    def limb(
        self,
        ends: tuple[Point, Point],
        radii: tuple[float, float],
        colour: Colour,
        grain: float = 5.0,
    ) -> None:
        """Draw a rounded limb between two points, shaded as a cylinder with round ends."""
        (x0, y0, _), (x1, y1, _) = (self.camera.see(end) for end in ends)
        r0, r1 = (radius * self.camera.scale(end) for radius, end in zip(radii, ends, strict=True))
        reach = max(r0, r1) + 2
        box = (
            max(0, int(min(x0, x1) - reach)),
            max(0, int(min(y0, y1) - reach)),
            min(SIZE[0], int(max(x0, x1) + reach)),
            min(SIZE[1], int(max(y0, y1) + reach)),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        rows, columns = np.mgrid[box[1] : box[3], box[0] : box[2]].astype(np.float32)
        along = np.array([x1 - x0, y1 - y0], np.float32)
        length = max(1.0, float(along @ along))
        t = np.clip(((columns - x0) * along[0] + (rows - y0) * along[1]) / length, 0, 1)
        dx, dy, radius = columns - x0 - t * along[0], rows - y0 - t * along[1], r0 + (r1 - r0) * t
        distance = np.hypot(dx, dy)
        u, v = dx / radius, dy / radius
        depth = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
        light = np.clip(u * _LIGHT[0] + v * _LIGHT[1] + depth * _LIGHT[2], 0, 1)
        texture = noise(self._rng, (box[2] - box[0], box[3] - box[1]), grain)
        shade = (0.5 + 0.55 * light)[..., None]
        pixels = np.asarray(colour, np.float32) * shade + texture[..., None]
        alpha = np.clip(radius - distance + 0.5, 0, 1)
        self.image.paste(to_image(pixels), box[:2], to_mask(alpha))

    def upright(
        self, foot: Point, height: float, radii: tuple[float, float], colour: Colour
    ) -> None:
        """Draw an upright round thing, as a mug; *radii* are those of its foot and of its rim."""
        x, y, z = foot
        rings = []
        for up, radius in zip((0.0, height), radii, strict=True):
            turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
            points = [(x + radius * np.cos(t), y + radius * np.sin(t), z + up) for t in turns]
            rings.append([self.camera.see(point)[:2] for point in points])
        box, mask = _polygon_mask(_hull(np.array(rings).reshape(-1, 2)))
        rim_box, rim = _polygon_mask(rings[1])
        if box is None or rim_box is None:
            return
        u = np.linspace(0, 1, mask.width, dtype=np.float32)
        shade = np.clip(1.05 - 0.6 * np.abs(u - 0.3), 0.3, 1.1)[None, :, None]
        pixels = np.repeat(np.asarray(colour, np.float32) * shade, mask.height, 0)
        self.image.paste(to_image(pixels), box, mask)
        dark = (round(colour[0] * 0.45), round(colour[1] * 0.45), round(colour[2] * 0.45))
        self.image.paste(dark, (rim_box[0], rim_box[1]), rim)

    def paste(self, piece: Image.Image, centre: tuple[float, float]) -> None:
        """Paste a cut-out piece (RGBA) with its middle at a pixel."""
        left, top = round(centre[0] - piece.width / 2), round(centre[1] - piece.height / 2)
        self.image.paste(piece, (left, top), piece)


def noise(
    rng: np.random.Generator, size: tuple[int, int], strength: float, streaks: int = 1
) -> Pixels:
    """Return soft irregularities of several sizes, as of cloth, wood or plaster."""
    width, height = size
    total: Pixels = np.zeros((height, width), np.float32)
    for step, weight in ((1, 0.5), (3, 0.6), (14, 0.5), (60, 0.5)):
        small = rng.normal(0, 1, (height // step + 2, width // (step * streaks) + 2))
        image = Image.fromarray(small.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
        total += np.asarray(image, np.float32) * weight
    return total * np.float32(strength)


def to_image(pixels: Pixels) -> Image.Image:
    """Return pixels as a picture, clipped to what can be shown."""
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def to_mask(alpha: NDArray[np.floating]) -> Image.Image:
    """Return 0..1 as a mask."""
    return Image.fromarray((np.clip(alpha, 0, 1) * 255).astype(np.uint8))


def _polygon_mask(
    outline: Sequence[tuple[float, float]],
) -> tuple[tuple[int, int] | None, Image.Image]:
    """Return where a polygon's mask lies, and the mask; None where it is outside the canvas."""
    low = np.clip(np.floor(np.min(outline, 0)).astype(int) - 1, 0, SIZE)
    high = np.clip(np.ceil(np.max(outline, 0)).astype(int) + 1, 0, SIZE)
    width, height = (high - low).tolist()
    if width < 1 or height < 1:
        return None, Image.new("L", (1, 1))
    mask = Image.new("L", (width * 2, height * 2))
    pen = ImageDraw.Draw(mask)
    pen.polygon([((x - low[0]) * 2, (y - low[1]) * 2) for x, y in outline], fill=255)
    return (int(low[0]), int(low[1])), mask.reduce(2)


def _hull(points: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return the convex hull of points, in order."""
    rows = sorted((float(x), float(y)) for x, y in points)
    halves: list[list[tuple[float, float]]] = []
    for ordered in (rows, rows[::-1]):
        chain: list[tuple[float, float]] = []
        for x, y in ordered:
            while len(chain) > 1:
                (ax, ay), (bx, by) = chain[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                chain.pop()
            chain.append((x, y))
        halves.append(chain[:-1])
    return halves[0] + halves[1]


def _perspective(
    outline: Sequence[tuple[float, float]], size: tuple[int, int]
) -> tuple[float, ...]:
    """Return the eight numbers that map the canvas onto a picture with these four corners."""
    width, height = size
    corners = ((0, 0), (width, 0), (width, height), (0, height))
    rows, values = list[list[float]](), list[float]()
    for (x, y), (u, v) in zip(outline, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(float(number) for number in np.linalg.solve(np.array(rows), np.array(values)))
