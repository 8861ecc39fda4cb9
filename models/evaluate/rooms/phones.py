"""Drawn phones, where no photographed one is at hand, and fingers over part of a phone."""

import numpy as np
from PIL import Image, ImageDraw

from models.evaluate.rooms.stage import Canvas, Colour, Point

Generator = np.random.Generator
_TILES = 5


def drawn_phone(rng: Generator, side: int, *, lies: bool) -> Image.Image:
    """Return a phone (RGBA) whose longer side has *side* pixels; lying, it is foreshortened."""
    height, width = 480, 232
    phone = Image.new("RGBA", (width, height))
    pen = ImageDraw.Draw(phone)
    case = (int(rng.integers(14, 60)),) * 3
    pen.rounded_rectangle((0, 0, width - 1, height - 1), 34, fill=case)
    kind = rng.random()
    if kind < 0.45:  # the screen is on
        pen.rounded_rectangle((9, 12, width - 10, height - 13), 26, fill=(236, 238, 242))
        pen.rectangle((9, 40, width - 10, 96), fill=tuple(rng.integers(30, 220, 3).tolist()))
        for row in range(_TILES):
            y = 120 + row * 66
            left = 24 if row % 2 else 70
            fill = (196, 226, 200) if row % 2 else (216, 220, 228)
            pen.rounded_rectangle((left, y, left + 136, y + 46), 12, fill=fill)
    elif kind < 0.75:  # the screen is off, with a reflection
        pen.rounded_rectangle((9, 12, width - 10, height - 13), 26, fill=(16, 17, 20))
        pen.polygon([(20, 30), (110, 20), (40, 320), (18, 350)], fill=(44, 47, 54))
    else:  # the back, with its cameras
        tone = tuple(rng.integers(40, 210, 3).tolist())
        pen.rounded_rectangle((4, 4, width - 5, height - 5), 30, fill=tone)
        pen.rounded_rectangle((20, 22, 112, 118), 24, fill=(30, 30, 33))
        for x, y in ((46, 48), (86, 48), (46, 92)):
            pen.ellipse((x - 16, y - 16, x + 16, y + 16), fill=(12, 12, 14), outline=(90, 90, 96))
    if lies:
        size = (side, max(2, round(side * rng.uniform(0.3, 0.5))))
        return phone.rotate(90, expand=True).resize(size, Image.Resampling.LANCZOS)
    return phone.resize((max(2, round(side * width / height)), side), Image.Resampling.LANCZOS)


def fingers_over(canvas: Canvas, skin: Colour, middle: Point, side: int, rng: Generator) -> None:
    """Draw fingers over a fifth to two fifths of a phone."""
    metre = canvas.camera.scale(middle)
    right, down = canvas.camera.axes[0] / metre, canvas.camera.axes[1] / metre
    from_left = rng.choice([-1, 1])
    reach, thick = rng.uniform(0.02, 0.14), side * 0.055
    for finger in range(int(rng.integers(2, 4))):
        y = (finger * 0.15 - 0.1) * side
        ends = [
            tuple((np.asarray(middle) + right * x * from_left + down * (y + fall)).tolist())
            for x, fall in ((side * 0.42, 6.0), (side * reach, 0.0))
        ]
        canvas.limb((ends[0], ends[1]), (thick / metre, thick * 0.85 / metre), skin, 2)
