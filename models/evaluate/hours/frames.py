"""The pictures of an hour, composed of the folder's portraits, rooms, phones and labelled scenes."""

import io
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from functions.vision.image_decoding import UnreadablePicture, decode_picture
from models.evaluate.hours.script import PEOPLE, Act, Condition
from models.evaluate.rooms.compose import Materials
from models.evaluate.rooms.cutouts import Cutter
from models.evaluate.rooms.furniture import backdrop
from models.evaluate.rooms.stage import noise, to_image
from models.evaluate.scenes import Pair, Scene

Generator = np.random.Generator
_FRAME = (640, 480)
_SITTING, _ACTING = 8, 3  # different pictures of a candidate who sits, and of each act
_PHONE_SIDE = (110, 170)  # pixels, at a webcam's distance
_MAX_PLAYED = 40


@dataclass(frozen=True, eq=False)
class Cast:
    """Who and what the hours are played with.

    ``people`` are the portraits of each candidate, the first of them the registered one;
    ``played`` are labelled pictures of an act by other people.
    """

    people: Sequence[Sequence[Image.Image]]
    strangers: Sequence[Image.Image]
    played: Mapping[Act, Sequence[Image.Image]]
    materials: Materials = field(default_factory=Materials)

    @property
    def playable(self) -> list[Act]:
        """The acts of the first view that can be played with these."""
        always = [Act.SIT, Act.DARK, Act.BLURRED, Act.ABSENT, Act.CAMERA_COVERED]
        with_others = [Act.EXTRA_PERSON, Act.OTHER_FACE] if self.strangers else []
        with_phones = [Act.PHONE] if self.materials.phones else []
        away = [Act.GLANCE] if self.played.get(Act.LOOK_AWAY) else []
        return [*always, *with_others, *with_phones, *away, *self.played]


def choose_cast(
    scenes: Sequence[Scene],
    pairs: Sequence[Pair],
    materials: Materials,
    seed: int,
    cutter: Cutter | None = None,
) -> Cast:
    """Return three people who sit properly, or fewer, and who else plays.

    The people are those of pictures labelled as one compliant person, those with several pictures
    first; where there are too few, those with several portraits that look ahead.
    """
    cutter = cutter or Cutter()
    rng = np.random.default_rng((seed, 8))
    portraits = defaultdict[Path, set[Path]](set)
    for pair in pairs:
        for path in (pair.a, pair.b):
            portraits[path.parent].add(path)
    persons = [sorted(paths) for _, paths in sorted(portraits.items())]
    calm = (_calm(cutter, persons[index]) for index in rng.permutation(len(persons)))
    people, strangers = _compliant(cutter, scenes, rng), list[Image.Image]()
    for pictures in calm:
        if len(pictures) > 1 and len(people) < PEOPLE:
            people.append(pictures)
        elif pictures and len(strangers) < 2 * PEOPLE:
            strangers.append(pictures[0])
        if len(people) == PEOPLE and len(strangers) == 2 * PEOPLE:
            break
    return Cast(
        people=people,
        strangers=strangers,
        played={
            act: pictures
            for act, kind in ((Act.FACE_COVERED, "face_occluded"), (Act.LOOK_AWAY, "looking_away"))
            if (pictures := _played(scenes, kind))
        },
        materials=materials,
    )


def _compliant(cutter: Cutter, scenes: Sequence[Scene], rng: Generator) -> list[list[Image.Image]]:
    """Return the pictures of the people who are labelled to sit properly, three people at most."""
    groups = defaultdict[str, list[Path]](list)
    for scene in scenes:
        if scene.is_compliant and scene.view == "first" and cutter.is_near(scene.path):
            groups[scene.group].append(scene.path)
    shuffled = [list(groups.values())[index] for index in rng.permutation(len(groups))]
    several_first = sorted(shuffled, key=lambda paths: -len(paths))
    return [images for paths in several_first[:PEOPLE] if (images := _opened(paths))]


def _calm(cutter: Cutter, paths: Sequence[Path]) -> list[Image.Image]:
    return [image for path in paths if (image := cutter.calm_portrait(path)) is not None]


def _played(scenes: Sequence[Scene], kind: str) -> list[Image.Image]:
    """Return the labelled pictures of one act alone, as the first view sees it."""
    return _opened(
        [
            scene.path
            for scene in scenes
            if scene.labels[kind] and scene.view == "first" and scene.persons in (None, 1)
        ][:_MAX_PLAYED]
    )


def _opened(paths: Sequence[Path]) -> list[Image.Image]:
    images = []
    for path in paths:
        try:
            images.append(decode_picture(path.read_bytes()).image)
        except (OSError, UnreadablePicture):
            continue
    return images


def pictures(
    cast: Cast, person: int, condition: Condition, rng: Generator
) -> dict[Act, list[bytes]]:
    """Return the few different pictures of each act; the hour repeats them."""
    actor = Actor(cast, person, rng)
    result: dict[Act, list[bytes]] = {}
    for act in cast.playable:
        count = _SITTING if act is Act.SIT else _ACTING
        frames = [actor.play(act) for _ in range(count)]
        # Where the lamp goes out, what the screen gives is left, in a dim room as in a bright one.
        is_unlit = act is Act.DARK and condition is Condition.DIM
        seen_in = Condition.DAY if is_unlit else condition
        result[act] = [shot(_conditioned(frame, seen_in, rng), rng) for frame in frames]
    return result


class Actor:
    """Composes the first view's pictures of one candidate."""

    def __init__(self, cast: Cast, person: int, rng: Generator) -> None:
        self._cast, self._rng = cast, rng
        self._portraits = cast.people[person]
        self._room = ImageOps.fit(backdrop(rng, cast.materials.rooms), _FRAME)

    def play(self, act: Act) -> Image.Image:
        """Return a picture of an act."""
        scenes: dict[Act, Callable[[], Image.Image]] = {
            Act.DARK: lambda: self._sitting().point(lambda value: round(value * 0.12)),
            Act.BLURRED: lambda: self._sitting().filter(ImageFilter.GaussianBlur(9)),
            Act.ABSENT: self._empty,
            Act.EXTRA_PERSON: self._two,
            Act.OTHER_FACE: lambda: self._seat(self._one_of(self._cast.strangers)),
            Act.PHONE: self._with_phone,
            Act.CAMERA_COVERED: self._covered,
            Act.GLANCE: lambda: self._seat(self._one_of(self._cast.played[Act.LOOK_AWAY])),
        }
        if act in self._cast.played:
            return self._seat(self._one_of(self._cast.played[act]))
        return scenes.get(act, self._sitting)()

    def _one_of(self, images: Sequence[Image.Image]) -> Image.Image:
        return images[int(self._rng.integers(len(images)))]

    def _sitting(self) -> Image.Image:
        return self._seat(self._one_of(self._portraits))

    def _seat(self, portrait: Image.Image) -> Image.Image:
        """Show a portrait in the webcam's frame, a little moved, before the room."""
        frame = self._empty().filter(ImageFilter.GaussianBlur(3))
        size = round(min(_FRAME) * self._rng.uniform(0.86, 0.96))
        figure = portrait.resize((round(portrait.width * size / portrait.height), size))
        x = (_FRAME[0] - figure.width) // 2 + int(self._rng.integers(-30, 31))
        frame.paste(figure, (x, _FRAME[1] - figure.height), _feathered(figure.size))
        return frame

    def _empty(self) -> Image.Image:
        return self._room.copy()

    def _two(self) -> Image.Image:
        """Show a stranger beside the candidate."""
        frame = self._empty()
        for portrait, x in (
            (self._one_of(self._portraits), 0),
            (self._one_of(self._cast.strangers), 320),
        ):
            half = ImageOps.fit(portrait, (_FRAME[0] // 2, _FRAME[1] * 2 // 3))
            frame.paste(half, (x, _FRAME[1] - half.height))
        return frame

    def _with_phone(self) -> Image.Image:
        frame = self._sitting()
        phones = self._cast.materials.phones
        phone = phones[int(self._rng.integers(len(phones)))]
        scale = self._rng.uniform(*_PHONE_SIDE) / phone.long_side
        size = (round(phone.image.width * scale), round(phone.image.height * scale))
        piece = phone.image.resize(size, Image.Resampling.LANCZOS)
        x = int(self._rng.choice([90, 500])) - piece.width // 2 + int(self._rng.integers(-30, 31))
        frame.paste(piece, (x, _FRAME[1] - piece.height), piece)
        return frame

    def _covered(self) -> Image.Image:
        """Show a thumb on the lens."""
        across = np.linspace(0, 60, _FRAME[0], dtype=np.float32)[None, :, None]
        thumb = np.full((_FRAME[1], _FRAME[0], 3), (90, 32, 24), np.float32) + across
        return to_image(thumb)


def _feathered(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", size)
    mask.paste(255, (10, 10, size[0] - 10, size[1]))
    return mask.filter(ImageFilter.GaussianBlur(5))


def _conditioned(frame: Image.Image, condition: Condition, rng: Generator) -> Image.Image:
    """Return a frame in the hour's light, or as the hour's camera sees it."""
    pixels = np.asarray(frame, np.float32)
    if condition is Condition.DIM:
        return to_image(pixels * 0.4 + noise(rng, _FRAME, 1.5)[..., None])
    if condition is Condition.LAMP:
        side = np.linspace(1.15, 0.55, _FRAME[0], dtype=np.float32)[None, :, None]
        return to_image(pixels * side * np.array([1.15, 1.0, 0.75], np.float32))
    if condition is Condition.POOR_CAMERA:
        small = frame.resize((320, 240), Image.Resampling.BOX)
        return small.resize(_FRAME, Image.Resampling.BILINEAR)
    return frame


def shot(frame: Image.Image, rng: Generator) -> bytes:
    """Return a frame with the sensor's noise, as JPEG."""
    pixels = np.asarray(frame, np.float32)
    pixels = pixels * np.float32(rng.uniform(0.92, 1.06))
    pixels += rng.normal(0, rng.uniform(1, 3), pixels.shape).astype(np.float32)
    stream = io.BytesIO()
    to_image(pixels).save(stream, "JPEG", quality=85)
    return stream.getvalue()
