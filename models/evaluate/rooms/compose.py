"""Compose rooms as the second view sees them, with a phone of a known size or without."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product

import numpy as np
from PIL import Image, ImageEnhance

from models.evaluate.rooms import furniture
from models.evaluate.rooms import person as body
from models.evaluate.rooms.cutouts import CutOut
from models.evaluate.rooms.phones import drawn_phone, fingers_over
from models.evaluate.rooms.stage import Camera, Canvas, Point, to_image

Generator = np.random.Generator
PHONE_SIDES = (60, 90, 120, 160)
"""Lengths in pixels of the phone's longer side, in a picture 1280 pixels wide."""
FRAMES = 6
"""Pictures of a room: a minute, at one picture each ten seconds."""
_FRONT = 0.3  # metres: a camera further forward sees the desk before the sitter
_PHOTOGRAPHED = 0.75  # of the phones, where the folder has any; the others are drawn
_JITTER = 0.012  # metres, by which the hand moves from picture to picture


class Place(StrEnum):
    """Where the phone is."""

    HAND = "hand"
    LAP = "lap"
    DESK = "desk"
    BESIDE = "beside"


@dataclass(frozen=True, eq=False)
class Materials:
    """What rooms are composed of; whatever is missing is drawn."""

    phones: Sequence[CutOut] = ()
    heads: Sequence[CutOut] = ()
    rooms: Sequence[Image.Image] = ()
    things: Sequence[CutOut] = ()


@dataclass(frozen=True)
class RoomPlan:
    """What is asked of a room. ``phone_side`` is 0 for a room without a phone."""

    number: int
    phone_side: int
    place: Place
    behind: bool
    covered: bool
    occupied: bool = True

    @property
    def name(self) -> str:
        """The room's name, of which its pictures' names are made."""
        what = f"phone{self.phone_side}" if self.phone_side else "none"
        return f"room{self.number:03d}_{what}_{self.place}"

    @property
    def group(self) -> str:
        """The room's name without what is held in it: with and without a phone it is the same."""
        return f"room{self.number // 2:03d}"


@dataclass(frozen=True, eq=False)
class Room:
    """A composed room's pictures as JPEG, and what they are made of."""

    plan: RoomPlan
    frames: list[bytes] = field(default_factory=list)
    head: str = "drawn"
    phone: str = "drawn"


def plans(count: int) -> Iterator[RoomPlan]:
    """Yield *count* rooms with a phone of each size, and as many without one altogether."""
    cases = list(product(Place, (True, False), (False, True)))
    number = 0
    for turn, side in product(range(count), PHONE_SIDES):
        # Each case in turn, from another start for each size: few rooms show every case too.
        place, behind, covered = cases[(turn * 5 + PHONE_SIDES.index(side) * 3) % len(cases)]
        for phone_side in (side, 0):
            yield RoomPlan(number, phone_side, place, behind or place is Place.LAP, covered)
            number += 1


def compose(plan: RoomPlan, materials: Materials, seed: int, frames: int = FRAMES) -> Room:
    """Draw a room; equal arguments give equal bytes."""
    # The same room with and without a phone or a sitter: what is drawn more takes its grain apart.
    rng, grain = np.random.default_rng((seed, plan.number // 2)).spawn(2)
    canvas, sitter, head = _furnished(plan, materials, rng, grain)
    hands = _hands(plan, sitter, canvas)
    phone = _choose(rng, materials.phones) if rng.random() < _PHOTOGRAPHED else None
    thing = _choose(rng, materials.things) if rng.random() < 0.5 else None
    result = Room(plan, [], head, phone.source if phone and plan.phone_side else "drawn")
    for _ in range(frames):
        scene = Canvas(canvas.image.copy(), canvas.camera, grain)
        if plan.occupied:
            held = phone if plan.phone_side else thing
            _draw_hands(scene, plan, sitter, hands, held, rng)
        result.frames.append(_shot(scene.image, rng))
    return result


def _choose(rng: Generator, pieces: Sequence[CutOut]) -> CutOut | None:
    if not pieces:
        return None
    piece = pieces[int(rng.integers(len(pieces)))]
    return piece.mirrored() if rng.random() < 0.5 else piece


def _furnished(
    plan: RoomPlan, materials: Materials, rng: Generator, grain: Generator
) -> tuple[Canvas, body.Person, str]:
    """Draw everything but the arms and what they hold."""
    lap = plan.place is Place.LAP
    degrees = rng.uniform(112, 142) if plan.behind else rng.uniform(38, 62)
    if lap:
        degrees = rng.uniform(72, 125)
    angle, distance = np.radians(degrees) * rng.choice([-1, 1]), rng.uniform(1.3, 1.65)
    back = float(rng.uniform(0.12, 0.22) if lap else rng.uniform(-0.02, 0.1))
    place = (distance * np.sin(angle), 0.15 + distance * np.cos(angle), rng.uniform(1.05, 1.4))
    target = (0.0, 0.2 - back / 2, float(rng.uniform(0.94, 1.0)))
    camera = Camera.looking_at((float(place[0]), float(place[1]), float(place[2])), target)
    face_seen = abs(degrees) < 80
    head = _choose(rng, materials.heads) if face_seen else None
    sitter = body.somebody(rng, head, back)
    canvas = Canvas(furniture.backdrop(rng, materials.rooms), camera, grain)
    things = [draw for draw in furniture.DISTRACTORS if rng.random() < 0.5]
    from_front = camera.place[1] > _FRONT
    if plan.occupied and from_front:
        body.draw_body(canvas, sitter)
    furniture.desk(canvas, rng)
    for draw in things:
        draw(canvas, rng)
    furniture.computer(canvas, rng)
    if plan.occupied and not from_front:
        body.draw_body(canvas, sitter)
    return canvas, sitter, head.source if head else "drawn"


def _hands(plan: RoomPlan, sitter: body.Person, canvas: Canvas) -> tuple[Point, Point]:
    """Return the hand that would hold a phone, which the camera sees best, and the other one."""
    near = 1 if canvas.camera.place[0] > 0 else -1
    desk = furniture.DESK_HEIGHT
    holding = {
        Place.HAND: sitter.point(near * 0.2, 0.36, 0.98),
        Place.LAP: sitter.point(near * 0.1, 0.3, 0.66),
        Place.DESK: (near * 0.3, 0.36, desk + 0.03),
        Place.BESIDE: sitter.point(near * 0.33, 0.16, 0.72),
    }[plan.place]
    return holding, (-near * 0.12, 0.36, desk + 0.03)


def _draw_hands(
    canvas: Canvas,
    plan: RoomPlan,
    sitter: body.Person,
    hands: tuple[Point, Point],
    piece: CutOut | None,
    rng: Generator,
) -> None:
    """Draw both arms, and in the nearer hand the phone, or another thing, or nothing."""
    near = 1 if canvas.camera.place[0] > 0 else -1
    move = rng.normal(0, _JITTER, 3)
    x, y, z = (float(value) for value in np.add(hands[0], move))
    holding = (x, y, z)
    body.draw_arm(canvas, sitter, -near, hands[1])
    body.draw_hand(canvas, sitter, -near, hands[1])
    body.draw_arm(canvas, sitter, near, holding)
    lies = piece is None and plan.place is Place.DESK
    if not plan.phone_side and (piece is None or lies):
        body.draw_hand(canvas, sitter, near, holding)
        return
    if piece is None:
        body.draw_hand(canvas, sitter, near, holding)
    ahead = (x - near * 0.01, y + 0.06, z + 0.02)
    middle = canvas.camera.see(ahead)[:2]
    side = plan.phone_side or int(rng.choice(PHONE_SIDES))
    turn = float(rng.normal(0, 12))
    if piece is None:
        thing = drawn_phone(rng, side, lies=lies).rotate(
            turn, Image.Resampling.BICUBIC, expand=True
        )
        canvas.paste(thing, middle)
    else:
        _paste(canvas, piece, side, turn, middle, rng)
    if plan.covered and plan.phone_side:
        fingers_over(canvas, sitter.skin, ahead, side, rng)


def _paste(
    canvas: Canvas,
    piece: CutOut,
    side: int,
    turn: float,
    middle: tuple[float, float],
    rng: Generator,
) -> None:
    """Paste a cut-out so that its long side has this length, turned by some degrees."""
    scale = side / piece.long_side
    offset = [size / 2 - part for size, part in zip(piece.image.size, piece.centre, strict=True)]
    size = (max(1, round(piece.image.width * scale)), max(1, round(piece.image.height * scale)))
    small = piece.image.resize(size, Image.Resampling.LANCZOS)
    alpha = small.getchannel("A")
    lit = ImageEnhance.Brightness(small.convert("RGB")).enhance(float(rng.uniform(0.75, 1.05)))
    lit.putalpha(alpha)
    radians = np.radians(turn)
    across = offset[0] * np.cos(radians) + offset[1] * np.sin(radians)
    down = offset[1] * np.cos(radians) - offset[0] * np.sin(radians)
    turned = lit.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    canvas.paste(turned, (middle[0] + across * scale, middle[1] + down * scale))


def _shot(image: Image.Image, rng: Generator) -> bytes:
    """Return the picture as a phone's camera would send it: light, colour, noise, JPEG."""
    pixels = np.asarray(image, np.float32) * np.float32(rng.uniform(0.7, 1.1))
    pixels *= rng.normal(1, 0.03, 3).astype(np.float32)
    pixels += rng.normal(0, rng.uniform(1.5, 4), pixels.shape).astype(np.float32)
    stream = io.BytesIO()
    to_image(pixels).save(stream, "JPEG", quality=int(rng.integers(74, 90)))
    return stream.getvalue()
