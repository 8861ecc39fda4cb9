"""Webcam frames of 640×480, composed of the pictures in this folder."""

from functools import cache
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent
FRAME = (640, 480)
_WALL = (90, 90, 96)
# Left, top, right and bottom of the faces in ``one_person``.
_FACES = {"person_a.jpg": (252, 78, 332, 181), "person_b.jpg": (253, 108, 407, 305)}


@cache
def picture(name: str) -> Image.Image:
    """Return one of the pictures; cached, so copy it before drawing on it."""
    return Image.open(HERE / name).convert("RGB")


def one_person(person: str) -> Image.Image:
    """One person in front of a plain wall, as large as at a desk with a webcam."""
    return _standing(person, width=460)


def with_head_turned(person: str) -> Image.Image:
    """One person whose head is turned aside by about 15°: one half of the face wide, one narrow."""
    frame = one_person(person)
    left, _, right, _ = _FACES[person]
    middle = (left + right) / 2
    shifted = round(middle + 0.3 * (right - left))
    edges = [(0, 0), (left - 40, left - 40), (shifted, middle), (right + 40, right + 40)]
    edges.append((FRAME[0], FRAME[0]))
    bands: list[tuple[tuple[int, int, int, int], tuple[float, ...]]] = []
    for (start, source), (end, source_end) in pairwise(edges):
        quad = (source, 0, source, FRAME[1], source_end, FRAME[1], source_end, 0)
        bands.append(((start, 0, end, FRAME[1]), quad))
    return frame.transform(FRAME, Image.Transform.MESH, bands, Image.Resampling.BILINEAR)


def in_dim_light(person: str) -> Image.Image:
    """One person in dim light, still visible."""
    return one_person(person).point(lambda value: value * 0.35)


def empty() -> Image.Image:
    """A desk without a person."""
    return picture("empty.jpg").resize(FRAME)


def two_people(left: str, right: str) -> Image.Image:
    """Two people side by side."""
    frame = Image.new("RGB", FRAME, _WALL)
    for person, x in ((left, 0), (right, FRAME[0] // 2)):
        figure = _scaled_picture(person, FRAME[0] // 2)
        frame.paste(figure, (x, FRAME[1] - figure.height))
    return frame


def holding_phone(person: str) -> Image.Image:
    """One person, and an upright phone at the left edge of the picture."""
    frame = one_person(person)
    phone = Image.open(HERE / "phone.png").convert("RGBA")
    small = _scale(phone, 120)
    frame.paste(small, (24, FRAME[1] - small.height - 16), small)
    return frame


def in_room(
    person: str | None,
    shift: tuple[int, int] = (0, 0),
    x: int = 0,
    *,
    phone: bool = False,
    phone_x: int = 24,
) -> Image.Image:
    """A room with a person, *x* pixels off centre, from a camera moved by *shift* pixels."""
    left, top = 160 + shift[0], 120 + shift[1]
    frame = _wide_room().crop((left, top, left + FRAME[0], top + FRAME[1]))
    if person is not None:
        figure = _scaled_picture(person, 300)
        frame.paste(figure, (170 + x - shift[0] // 2, FRAME[1] - figure.height))
    if phone:
        thing = _scale(Image.open(HERE / "phone.png").convert("RGBA"), 110)
        frame.paste(thing, (phone_x, FRAME[1] - thing.height - 16), thing)
    return frame


@cache
def _wide_room() -> Image.Image:
    return picture("empty.jpg").resize((960, 720))


@cache
def _scaled_picture(name: str, width: int) -> Image.Image:
    return _scale(picture(name), width)


def _standing(person: str, width: int) -> Image.Image:
    figure = _scaled_picture(person, width)
    frame = Image.new("RGB", FRAME, _WALL)
    frame.paste(figure, ((FRAME[0] - width) // 2, max(0, FRAME[1] - figure.height)))
    return frame


def _scale(image: Image.Image, width: int) -> Image.Image:
    return image.resize((width, round(image.height * width / image.width)))


def with_face_covered(person: str, part: str) -> Image.Image:
    """One person with a mask (`part` is «mouth») or with dark glasses."""
    frame = one_person(person)
    left, top, right, bottom = _FACES[person]
    width, height = right - left, bottom - top
    pen = ImageDraw.Draw(frame)
    if part == "mouth":
        chin = [(0.06, 0.52), (0.5, 0.44), (0.94, 0.52), (0.86, 0.9), (0.5, 1.04), (0.14, 0.9)]
        pen.polygon([(left + x * width, top + y * height) for x, y in chin], (158, 190, 214))
    else:
        for x in (0.28, 0.72):
            lens = (x - 0.2, 0.3, x + 0.2, 0.52)
            corners = [left + lens[0] * width, top + lens[1] * height]
            corners += [left + lens[2] * width, top + lens[3] * height]
            pen.ellipse(corners, (16, 14, 14))
    return frame


def with_clear_glasses(person: str) -> Image.Image:
    """One person with thin dark frames, clear lenses, and a reflection on each."""
    frame = one_person(person)
    left, top, right, bottom = _FACES[person]
    width, height = right - left, bottom - top
    pen = ImageDraw.Draw(frame)
    for x in (0.28, 0.72):
        corners = [left + (x - 0.19) * width, top + 0.3 * height]
        corners += [left + (x + 0.19) * width, top + 0.52 * height]
        pen.ellipse(corners, outline=(30, 26, 24), width=2)
        glint = (left + (x - 0.12) * width, top + 0.34 * height)
        pen.line((*glint, glint[0] + 0.06 * width, glint[1] + 1), (240, 244, 248), 2)
    pen.line([(left + x * width, top + 0.39 * height) for x in (0.47, 0.53)], (30, 26, 24), 2)
    return frame


def tilted(frame: Image.Image, person: str, degrees: float) -> Image.Image:
    """A frame turned around the person's face."""
    left, top, right, bottom = _FACES[person]
    centre = ((left + right) / 2, (top + bottom) / 2)
    return frame.rotate(degrees, Image.Resampling.BICUBIC, center=centre, fillcolor=_WALL)


def cut_by_frame(person: str, edge: str, visible: float) -> Image.Image:
    """One person whose face is cut by an edge; `visible` is the part of the face inside."""
    left, top, right, bottom = _FACES[person]
    inside = [0, 0, *FRAME]
    side = ("left", "top", "right", "bottom").index(edge)
    start, extent = (left, right - left) if side % 2 == 0 else (top, bottom - top)
    cut = (1 - visible) if side < 2 else visible
    inside[side] = round(start + cut * extent)
    return one_person(person).crop((inside[0], inside[1], inside[2], inside[3]))
