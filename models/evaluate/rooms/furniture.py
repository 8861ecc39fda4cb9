"""What stands in a drawn room: the wall, the desk with a computer, lamps, papers, calculators."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from models.evaluate.rooms.stage import SIZE, Canvas, Colour, Point, noise, to_image

Generator = np.random.Generator
DESK_HEIGHT = 0.73
_DESK_NEAR, _DESK_FAR, _DESK_SIDE = 0.22, 0.92, 0.72
_WOODS: tuple[Colour, ...] = ((168, 128, 88), (206, 184, 150), (226, 224, 220), (96, 66, 46))
_WALLS: tuple[Colour, ...] = ((206, 204, 196), (170, 182, 190), (196, 178, 158), (120, 124, 132))


def backdrop(rng: Generator, rooms: Sequence[Image.Image]) -> Image.Image:
    """Return what is behind it all: a photographed room out of focus, or a drawn wall."""
    if rooms and rng.random() < 0.7:
        room = ImageOps.fit(rooms[int(rng.integers(len(rooms)))], SIZE)
        room = ImageOps.mirror(room) if rng.random() < 0.5 else room
        return room.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.8, 2.5))))
    wall = np.asarray(_WALLS[int(rng.integers(len(_WALLS)))], np.float32)
    fall = np.linspace(rng.uniform(0.8, 1.1), rng.uniform(0.6, 0.9), SIZE[0])[None, :, None]
    image = to_image((wall * fall + noise(rng, SIZE, 3)[..., None]).astype(np.float32))
    pen = ImageDraw.Draw(image)
    floor = round(SIZE[1] * rng.uniform(0.72, 0.85))
    pen.rectangle((0, floor, *SIZE), fill=(110, 92, 76))
    pen.rectangle((0, floor - 14, SIZE[0], floor), fill=(232, 230, 226))
    for _ in range(int(rng.integers(1, 4))):  # a window, a poster, a shelf
        x, y = int(rng.integers(0, SIZE[0] - 200)), int(rng.integers(0, 200))
        w, h = int(rng.integers(120, 320)), int(rng.integers(120, 300))
        tone = tuple(int(value) for value in rng.integers(40, 240, 3))
        pen.rectangle((x, y, x + w, y + h), fill=tone, outline=(60, 56, 52), width=4)
        for row in range(y + 20, y + h - 10, 28):
            pen.line((x + 12, row, x + w * 0.8, row), fill=(90, 86, 80), width=5)
    return image.filter(ImageFilter.GaussianBlur(1.5))


def desk(canvas: Canvas, rng: Generator) -> None:
    """Draw the desk."""
    colour = _WOODS[int(rng.integers(len(_WOODS)))]
    dark: Colour = (round(colour[0] * 0.6), round(colour[1] * 0.6), round(colour[2] * 0.6))
    near, far, side, top = _DESK_NEAR, _DESK_FAR, _DESK_SIDE, DESK_HEIGHT
    for x in (-side, side):
        for y in (near + 0.04, far - 0.04):
            canvas.limb(((x * 0.96, y, 0), (x * 0.96, y, top)), (0.025, 0.025), dark, 2)
    place = canvas.camera.place
    edges: list[tuple[Point, Point]] = []
    if place[1] < near:
        edges.append(((-side, near, top), (side, near, top)))
    if place[1] > far:
        edges.append(((-side, far, top), (side, far, top)))
    if abs(place[0]) > side:
        x = side if place[0] > 0 else -side
        edges.append(((x, near, top), (x, far, top)))
    canvas.surface(_flat(-side, near, side, far), colour, 5, 6)
    for a, b in edges:
        canvas.surface((a, b, (b[0], b[1], b[2] - 0.03), (a[0], a[1], a[2] - 0.03)), dark, 3)


def _flat(left: float, near: float, right: float, far: float, up: float = 0.0) -> list[Point]:
    z = DESK_HEIGHT + up
    return [(left, far, z), (right, far, z), (right, near, z), (left, near, z)]


def screen_page(rng: Generator) -> Image.Image:
    """Return what a screen shows: an exam's page of text."""
    page = Image.new("RGB", (480, 300), (246, 247, 250))
    pen = ImageDraw.Draw(page)
    accent = tuple(int(value) for value in rng.integers(30, 150, 3))
    pen.rectangle((0, 0, 480, 26), fill=accent)
    for row in range(44, 280, 18):
        pen.line((28, row, 28 + int(rng.integers(120, 420)), row), fill=(90, 94, 104), width=5)
    return page


def computer(canvas: Canvas, rng: Generator) -> None:
    """Draw a laptop, or a monitor with a keyboard and a mouse; from behind, its back is seen."""
    parts = _laptop(canvas, rng) if rng.random() < 0.5 else _monitor(canvas, rng)
    for part in parts if canvas.camera.place[1] < _SCREEN else reversed(parts):
        part()


_SCREEN = 0.72  # how far from the sitter the screen stands


def _laptop(canvas: Canvas, rng: Generator) -> list[Callable[[], None]]:
    """Return what draws a laptop's parts, the furthest from the sitter first."""
    low, high = DESK_HEIGHT + 0.01, DESK_HEIGHT + 0.24
    return [
        partial(_screen, canvas, rng, 0.18, (_SCREEN - 0.1, low), (_SCREEN - 0.04, high)),
        partial(_keys, canvas, _flat(-0.18, 0.38, 0.18, 0.62, 0.015), (70, 72, 76)),
    ]


def _monitor(canvas: Canvas, rng: Generator) -> list[Callable[[], None]]:
    """Return what draws a monitor, its keyboard and a mouse."""
    desk, low, high = DESK_HEIGHT, DESK_HEIGHT + 0.1, DESK_HEIGHT + 0.44
    stand: tuple[Point, Point] = ((0, _SCREEN + 0.03, desk), (0, _SCREEN + 0.03, low))
    mouse: tuple[Point, Point] = ((0.3, 0.4, desk + 0.015), (0.3, 0.45, desk + 0.015))
    return [
        partial(canvas.limb, stand, (0.03, 0.02), (40, 42, 44), 2),
        partial(_screen, canvas, rng, 0.28, (_SCREEN, low), (_SCREEN + 0.02, high)),
        partial(_keys, canvas, _flat(-0.22, 0.36, 0.2, 0.5, 0.01), (52, 54, 58)),
        partial(canvas.limb, mouse, (0.028, 0.024), (44, 44, 48), 2),
    ]


def _screen(
    canvas: Canvas,
    rng: Generator,
    width: float,
    foot: tuple[float, float],
    top: tuple[float, float],
) -> None:
    """Draw a screen of half a *width*; its foot and its top are distance and height."""
    (y0, z0), (y1, z1) = foot, top
    frame: list[Point] = [
        (-width * 1.05, y1, z1 + 0.012),
        (width * 1.05, y1, z1 + 0.012),
        (width * 1.05, y0, z0 - 0.012),
        (-width * 1.05, y0, z0 - 0.012),
    ]
    seen = canvas.camera.place[1] < y0
    canvas.surface(frame, (46, 48, 52) if seen else (120, 124, 130), 2)
    page = screen_page(rng)
    if seen:
        canvas.picture([(-width, y1, z1), (width, y1, z1), (width, y0, z0), (-width, y0, z0)], page)


def _keys(canvas: Canvas, outline: list[Point], colour: Colour) -> None:
    board = Image.new("RGB", (300, 110), colour)
    pen = ImageDraw.Draw(board)
    for row in range(5):
        for column in range(15):
            x, y = 6 + column * 19.4, 6 + row * 20
            pen.rounded_rectangle((x, y, x + 15, y + 15), 3, fill=(24, 24, 26))
    canvas.picture(outline, board)


def paper(canvas: Canvas, rng: Generator) -> None:
    """Draw a sheet of paper on the desk, with writing."""
    sheet = Image.new("RGB", (210, 297), (244, 243, 238))
    pen = ImageDraw.Draw(sheet)
    for row in range(30, 270, 14):
        pen.line((20, row, 20 + int(rng.integers(60, 170)), row), fill=(80, 84, 120), width=2)
    _on_desk(canvas, rng, sheet, 0.21, 0.297)


def calculator(canvas: Canvas, rng: Generator) -> None:
    """Draw a calculator on the desk: of a phone's size, but with keys."""
    thing = Image.new("RGB", (80, 150), (52, 56, 62))
    pen = ImageDraw.Draw(thing)
    pen.rectangle((8, 10, 72, 38), fill=(150, 166, 146))
    for row in range(5):
        for column in range(4):
            x, y = 8 + column * 17, 50 + row * 19
            pen.rectangle((x, y, x + 12, y + 12), fill=(210, 210, 206))
    _on_desk(canvas, rng, thing, 0.08, 0.15)


def _on_desk(
    canvas: Canvas, rng: Generator, picture: Image.Image, width: float, length: float
) -> None:
    x = float(rng.choice([-1, 1]) * rng.uniform(0.36, 0.55))
    y, angle = rng.uniform(0.42, 0.7), rng.uniform(-0.5, 0.5)
    along = np.array([np.sin(angle), np.cos(angle)]) * length / 2
    across = np.array([np.cos(angle), -np.sin(angle)]) * width / 2
    middle = np.array([x, y])
    signs = ((-1, 1), (1, 1), (1, -1), (-1, -1))
    flat = [middle + a * across + b * along for a, b in signs]
    canvas.picture([(float(p[0]), float(p[1]), DESK_HEIGHT + 0.006) for p in flat], picture)


def lamp(canvas: Canvas, rng: Generator) -> None:
    """Draw a desk lamp with its light."""
    x = -0.6 if canvas.camera.place[0] > 0 else 0.6  # not between the camera and the sitter
    foot, joint, head = (x, 0.8, DESK_HEIGHT), (x, 0.82, 1.08), (x * 0.75, 0.72, 1.18)
    tone: Colour = (60, 62, 66) if rng.random() < 0.5 else (190, 60, 50)
    canvas.upright(foot, 0.02, (0.075, 0.07), tone)
    canvas.limb((foot, joint), (0.01, 0.01), tone, 2)
    canvas.limb((joint, head), (0.01, 0.02), tone, 2)
    shade = (x * 0.72, 0.7, 1.08)
    canvas.upright(shade, 0.1, (0.085, 0.05), (tone[0], tone[1], tone[2]))
    canvas.limb((shade, shade), (0.04, 0.04), (255, 248, 214), 1)


def mug(canvas: Canvas, rng: Generator) -> None:
    """Draw a mug."""
    x, y = float(rng.choice([-1, 1]) * rng.uniform(0.35, 0.6)), rng.uniform(0.5, 0.8)
    tone = tuple(int(value) for value in rng.integers(60, 235, 3))
    canvas.upright((x, y, DESK_HEIGHT), 0.095, (0.037, 0.041), (tone[0], tone[1], tone[2]))


DISTRACTORS = (paper, calculator, lamp, mug)
