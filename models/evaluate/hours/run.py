"""Play the hours through the pipeline and each profile's rules, and judge the flags."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from PIL import Image, ImageEnhance

from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.rules.profiles import PROFILES
from chalicelib.domain.types import SECOND, View
from functions.vision.pipeline import VisionPipeline
from models.evaluate.hours.frames import Cast, pictures, shot
from models.evaluate.hours.script import (
    FIRST_INTERVAL,
    OFFENCES,
    PEOPLE,
    SECOND_INTERVAL,
    Act,
    Condition,
    Stretch,
    acts,
)
from models.evaluate.rooms.compose import FRAMES, PHONE_SIDES, Place, Room, RoomPlan, compose
from models.evaluate.watch import BEGIN, flags_of, observe

_SECOND_ACTS = (Act.SIT, Act.ABSENT, Act.PHONE, Act.CAMERA_MOVED)
_TOLERANCE = 15
"""Seconds after an offence in which a flag still tells of it: the rules look back."""
_HOURS, _MAX_ROOMS = PEOPLE * len(Condition), 8
_LIGHT = {Condition.DAY: 1.0, Condition.DIM: 0.45, Condition.LAMP: 0.8, Condition.POOR_CAMERA: 0.9}


type Check = Callable[[bytes], bool]


@dataclass(frozen=True)
class PlayedHour:
    """An hour of one person in one condition, and what both views observed."""

    person: int
    condition: Condition
    played: frozenset[tuple[Act, View]]
    observations: Mapping[View, Sequence[Observation]]


@dataclass(frozen=True)
class Judged:
    """A profile's flags in an hour: seconds until each offence's flag, and the false ones."""

    hour: PlayedHour
    delays: Mapping[Stretch, float | None]
    false: tuple[Flag, ...]
    beside: tuple[Flag, ...]  # of another kind than the offence that goes on


def play(pipeline: VisionPipeline, cast: Cast, seed: int, is_clear: Check) -> Iterator[PlayedHour]:
    """Play every person in every condition.

    *is_clear* says whether a composed room's picture shows its sitter clearly.
    """
    for person, condition in product(range(len(cast.people)), Condition):
        number = person * len(Condition) + list(Condition).index(condition)
        rng = np.random.default_rng((seed, 4, number))
        reference = pipeline.embed(_registered(cast.people[person][0]))
        playable = cast.playable
        first = _frames(pictures(cast, person, condition, rng), View.FIRST, FIRST_INTERVAL, rng)
        second = _frames(
            side_pictures(cast, number, condition, seed, rng, is_clear),
            View.SECOND,
            SECOND_INTERVAL,
            rng,
        )
        yield PlayedHour(
            person,
            condition,
            frozenset(
                {(act, View.FIRST) for act in playable}
                | {(act, View.SECOND) for act in _SECOND_ACTS}
            ),
            {
                View.FIRST: observe(pipeline, first, View.FIRST, FIRST_INTERVAL, reference),
                View.SECOND: observe(pipeline, second, View.SECOND, SECOND_INTERVAL),
            },
        )


def _registered(portrait: Image.Image) -> bytes:
    stream = io.BytesIO()
    portrait.save(stream, "JPEG", quality=92)
    return stream.getvalue()


def _frames(
    shown: Mapping[Act, Sequence[bytes]], view: View, interval: int, rng: np.random.Generator
) -> list[bytes]:
    """Return a view's snapshots: for each one of the pictures of what goes on."""
    return [
        shown[act][int(rng.integers(len(shown[act])))] for act in acts(view, interval, list(shown))
    ]


def side_pictures(
    cast: Cast,
    number: int,
    condition: Condition,
    seed: int,
    rng: np.random.Generator,
    is_clear: Check,
) -> dict[Act, list[bytes]]:
    """Return the second view's pictures: a composed room, with a phone of some size or without.

    A drawn body that is unclear in full light says nothing about presence: the next room is taken.
    """
    side = PHONE_SIDES[1 + number % (len(PHONE_SIDES) - 1)]
    place = list(Place)[number % len(Place)]
    behind = place is Place.LAP or number % 3 > 0

    def room(turn: int, size: int, *, occupied: bool = True) -> Room:
        plan = RoomPlan(
            (number + turn * _HOURS) * 2 + (size == 0),
            size,
            place,
            behind,
            covered=False,
            occupied=occupied,
        )
        return compose(plan, cast.materials, seed, FRAMES if occupied else 3)

    rooms = ((turn, room(turn, 0)) for turn in range(_MAX_ROOMS))
    clear = (found for found in rooms if all(map(is_clear, found[1].frames)))
    turn, without = next(clear, None) or (0, room(0, 0))
    with_phone, empty = room(turn, side), room(turn, 0, occupied=False)

    def lit(frames: Sequence[bytes]) -> list[bytes]:
        return [shot(_dimmed(_opened(frame), condition), rng) for frame in frames]

    return {
        Act.SIT: lit(without.frames),
        Act.ABSENT: lit(empty.frames),
        Act.PHONE: lit(with_phone.frames),
        Act.CAMERA_MOVED: [
            shot(_dimmed(_panned(_opened(frame)), condition), rng) for frame in without.frames[:3]
        ],
    }


def _opened(frame: bytes) -> Image.Image:
    return Image.open(io.BytesIO(frame)).convert("RGB")


def _dimmed(image: Image.Image, condition: Condition) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(_LIGHT[condition])


def _panned(image: Image.Image) -> Image.Image:
    """Return the picture of a camera that was turned by a quarter of its picture."""
    width, height = image.size
    return image.crop((width // 4, 0, width, height * 3 // 4)).resize(image.size)


def judge(hour: PlayedHour, profile: str) -> Judged:
    """Return which offences a profile's rules found, and what else they flagged."""
    offences = [stretch for stretch in OFFENCES if (stretch.act, stretch.view) in hour.played]
    flags = [
        flag
        for view in hour.observations
        for flag in flags_of(hour.observations[view], PROFILES[profile])
    ]
    strange = [
        flag
        for flag in flags
        if not any(_tells(flag, stretch) and flag.kind is stretch.kind for stretch in offences)
    ]
    beside = [flag for flag in strange if any(_tells(flag, stretch) for stretch in offences)]
    return Judged(
        hour,
        {stretch: _delay(flags, stretch) for stretch in offences},
        tuple(flag for flag in strange if flag not in beside),
        tuple(beside),
    )


def _tells(flag: Flag, stretch: Stretch) -> bool:
    """Return whether a flag opened while something was going on in its view, or just after."""
    second = (flag.opened_at - BEGIN) / SECOND
    return flag.view is stretch.view and stretch.begin <= second < stretch.end + _TOLERANCE


def _delay(flags: Sequence[Flag], stretch: Stretch) -> float | None:
    seconds = [
        (flag.opened_at - BEGIN) / SECOND - stretch.begin
        for flag in flags
        if flag.kind is stretch.kind and _tells(flag, stretch)
    ]
    return min(seconds, default=None)
