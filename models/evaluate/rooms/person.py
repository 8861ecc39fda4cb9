"""The candidate in a drawn room: a rounded body, with a photographed head where the face is seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from models.evaluate.rooms.cutouts import CutOut
from models.evaluate.rooms.stage import Canvas, Colour, Point

Generator = np.random.Generator
_CLOTHES: tuple[Colour, ...] = (
    (52, 60, 84), (140, 44, 48), (206, 204, 198), (60, 92, 70), (40, 40, 44), (172, 150, 108),
    (96, 116, 150), (120, 96, 120),
)  # fmt: skip
_TROUSERS: tuple[Colour, ...] = ((44, 54, 80), (38, 38, 42), (120, 108, 88), (90, 94, 100))
_SKINS: tuple[Colour, ...] = ((224, 178, 150), (196, 146, 114), (140, 96, 70), (92, 62, 46))
_HAIR: tuple[Colour, ...] = ((24, 20, 20), (58, 40, 28), (120, 90, 56), (70, 68, 68))
_FACE_HEIGHT = 0.21  # metres, from the forehead to the chin, as the face detector's box has it


@dataclass(frozen=True, eq=False)
class Person:
    """A sitter: how far behind the desk's edge, in what, and with which head."""

    back: float
    shirt: Colour
    trousers: Colour
    skin: Colour
    hair: Colour
    head: CutOut | None
    lean: float

    def point(self, x: float, y: float, z: float) -> Point:
        """Return a point of the body in the room."""
        return x, y - self.back, z


def somebody(rng: Generator, head: CutOut | None, back: float) -> Person:
    """Return a sitter with clothes of any colour and, with a photographed head, its skin."""
    skin = _pick(rng, _SKINS) if head is None else _skin_of(head)
    lean = float(rng.uniform(0, 0.1))
    clothes = _pick(rng, _CLOTHES), _pick(rng, _TROUSERS)
    return Person(back, *clothes, skin, _pick(rng, _HAIR), head, lean)


def _pick(rng: Generator, colours: Sequence[Colour]) -> Colour:
    return colours[int(rng.integers(len(colours)))]


def _skin_of(head: CutOut) -> Colour:
    x, y = head.centre
    reach = head.long_side * 0.2
    cheeks = head.image.crop((int(x - reach), int(y), int(x + reach), int(y + reach)))
    red, green, blue = np.asarray(cheeks.convert("RGB"), float).reshape(-1, 3).mean(0)
    return round(red), round(green), round(blue)


def draw_body(canvas: Canvas, person: Person) -> None:
    """Draw the sitter on the chair, without the arms."""
    _draw_legs(canvas, person)
    _draw_trunk(canvas, person)


def _draw_legs(canvas: Canvas, person: Person) -> None:
    """Draw the chair's seat and the legs."""
    at = person.point
    canvas.limb((at(-0.12, 0.02, 0.44), at(0.12, 0.02, 0.44)), (0.13, 0.13), (48, 48, 52), 3)
    canvas.limb((at(0, 0, 0.42), at(0, 0, 0.05)), (0.03, 0.03), (40, 40, 44), 2)
    for side in _far_side_first(canvas):
        hip, knee = at(side * 0.1, 0.02, 0.52), at(side * 0.15, 0.44, 0.54)
        foot = at(side * 0.16, 0.46, 0.06)
        canvas.limb((knee, foot), (0.062, 0.05), person.trousers)
        canvas.limb((hip, knee), (0.098, 0.074), person.trousers)


def _draw_trunk(canvas: Canvas, person: Person) -> None:
    """Draw the trunk, the neck, the head and the chair's back, in the order of their distance."""
    at, lean = person.point, person.lean
    waist, chest = at(0, -0.02, 0.58), at(0, 0.02 + lean, 0.98)
    behind = canvas.camera.place[1] < 0
    if not behind:
        _draw_chair(canvas, person)
    canvas.limb((at(0, lean, 1.06), at(0, 0.02 + lean, 1.2)), (0.06, 0.055), person.skin, 2)
    for side in _far_side_first(canvas):
        shoulder = at(side * 0.15, lean, 1.03)
        canvas.limb((shoulder, at(side * 0.1, 0.0, 0.6)), (0.09, 0.11), person.shirt)
    canvas.limb((chest, waist), (0.15, 0.15), person.shirt)
    canvas.limb((at(-0.16, lean, 1.04), at(0.16, lean, 1.04)), (0.075, 0.075), person.shirt)
    if behind:
        _draw_chair(canvas, person)
    _draw_head(canvas, person)


def _draw_chair(canvas: Canvas, person: Person) -> None:
    """Draw the chair's back."""
    at, grey = person.point, (52, 52, 56)
    corners = [
        at(-0.2, -0.21, 0.92),
        at(0.2, -0.21, 0.92),
        at(0.19, -0.17, 0.6),
        at(-0.19, -0.17, 0.6),
    ]
    canvas.surface(corners, grey, 3)
    for a, b in zip(corners, (*corners[1:], corners[0]), strict=True):
        canvas.limb((a, b), (0.028, 0.028), grey, 2)


def _draw_head(canvas: Canvas, person: Person) -> None:
    at, lean = person.point, person.lean
    middle = at(0, 0.06 + lean, 1.25)
    if person.head is not None:
        scale = _FACE_HEIGHT * canvas.camera.scale(middle) / person.head.long_side
        ahead = canvas.camera.see(at(0, 0.5, 1.25))[0] - canvas.camera.see(middle)[0]
        head = person.head if person.head.turned * ahead >= 0 else person.head.mirrored()
        piece = _scaled(head.image, scale)
        x, y, _ = canvas.camera.see(middle)
        offset = [
            (size / 2 - part) * scale
            for size, part in zip(head.image.size, head.centre, strict=True)
        ]
        canvas.paste(piece, (x + offset[0], y + offset[1]))
        return
    top, low = at(0, 0.02 + lean, 1.29), at(0, 0.05 + lean, 1.22)
    canvas.limb((at(0, 0.09 + lean, 1.24), at(0, 0.08 + lean, 1.18)), (0.08, 0.06), person.skin, 2)
    canvas.limb((top, low), (0.105, 0.09), person.hair, 6)
    side = 1 if canvas.camera.place[0] > 0 else -1
    ear = at(side * 0.09, 0.06 + lean, 1.25)
    canvas.limb((ear, (ear[0], ear[1], ear[2] - 0.03)), (0.018, 0.012), person.skin, 2)


def draw_arm(canvas: Canvas, person: Person, side: int, hand: Point) -> None:
    """Draw an arm whose hand is at a point of the room."""
    shoulder = person.point(side * 0.19, person.lean, 1.03)
    elbow = _elbow(shoulder, hand, side)
    canvas.limb((shoulder, elbow), (0.062, 0.05), person.shirt)
    canvas.limb((elbow, hand), (0.047, 0.03), person.shirt)


def draw_hand(canvas: Canvas, person: Person, side: int, hand: Point) -> None:
    """Draw an empty hand: the palm and the fingers."""
    x, y, z = hand
    knuckles = (x - side * 0.02, y + 0.07, z)
    canvas.limb((hand, knuckles), (0.03, 0.036), person.skin, 2)
    for finger in range(4):
        start = (knuckles[0] + (finger - 1.5) * 0.018, knuckles[1], z)
        tip = (start[0] - side * 0.008, start[1] + 0.065, z - 0.012)
        canvas.limb((start, tip), (0.0095, 0.008), person.skin, 2)


def _elbow(shoulder: Point, hand: Point, side: int) -> Point:
    middle = np.add(shoulder, hand) / 2
    reach = float(np.linalg.norm(np.subtract(hand, shoulder)))
    bend = np.sqrt(max(0.0, 0.3**2 - (reach / 2) ** 2))
    x, y, z = middle + np.array([side * 0.45, -0.35, -0.8]) * bend
    return float(x), float(y), float(z)


def _far_side_first(canvas: Canvas) -> tuple[int, int]:
    return (-1, 1) if canvas.camera.place[0] > 0 else (1, -1)


def _scaled(image: Image.Image, scale: float) -> Image.Image:
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BICUBIC)
