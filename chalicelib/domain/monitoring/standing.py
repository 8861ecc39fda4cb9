"""Standing things: what has stood in a view since before answering, or since its calm beginning.

A bookshelf, a calculator on the desk, a television on the wall: found in every picture of the hour,
they would be a flag for an hour. What is seen often enough in one place while the view is learned
stands there. A proctor is told of it once; from then on it does not count at that place.

It is no way to bring in a phone: what overlaps the candidate's body never stands, a phone that was
seen elsewhere while its place was empty counts from then on wherever it lies, and after the calm
beginning nothing more is learned. Pure rules; the models find the things.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.rules.findings import ObservedBox
from chalicelib.domain.types import Millis

STANDING_SIGHTINGS = 6
"""So many pictures must show a thing in one place: half a minute on the computer, one on the phone."""
MAX_THINGS = 6
"""Things remembered of a view, which bounds the monitor state."""
MIN_OVERLAP = 0.5
"""Intersection over union from which on two boxes are the same place."""
PART_WITHIN, MIN_PART = 0.8, 0.2
"""A box that lies so far within a thing, and is at least this part of it, is a part of it: a tile
cuts it off, or something stands before it."""
MAX_HELD = 0.5
"""A thing with more than this part inside a body is held, or lies in a lap."""
TOLD_PICTURES = 2
"""In so many pictures a standing thing is a finding, so that it becomes one notice."""
_MILLE = 1000
_DROPPED_WHEN_MOVED = frozenset({"phone"})


@dataclass(frozen=True, slots=True)
class SeenThing:
    """A thing at the place where it was first seen, in parts per thousand of the picture."""

    label: str
    place: tuple[int, int, int, int]
    """Left, top, width, height."""
    sightings: int = 1
    told: int = 0

    @property
    def stands(self) -> bool:
        """Whether it was seen often enough."""
        return self.sightings >= STANDING_SIGHTINGS

    def is_at(self, label: str, x: float, y: float, width: float, height: float) -> bool:
        """Return whether a box, in parts 0..1 of the picture, is this thing at its place."""
        left, top, own_width, own_height = (value / _MILLE for value in self.place)
        shared = _overlap(left, own_width, x, width) * _overlap(top, own_height, y, height)
        own_area, area = own_width * own_height, width * height
        is_same = shared >= MIN_OVERLAP * (own_area + area - shared)
        is_part = shared >= PART_WITHIN * area and shared >= MIN_PART * own_area
        return label == self.label and shared > 0 and (is_same or is_part)


@dataclass(frozen=True, slots=True)
class SeenThings:
    """The things of one view: those that stand, and until `until` those that may come to stand.

    `until` is set by the first picture of answering; before, in the waiting room, it is None.
    """

    things: tuple[SeenThing, ...] = ()
    until: Millis | None = None

    @property
    def standing(self) -> tuple[SeenThing, ...]:
        """Those that stand."""
        return tuple(thing for thing in self.things if thing.stands)


NO_THINGS = SeenThings()


def is_untold(things: SeenThings) -> bool:
    """Return whether a proctor is still to be told of a standing thing."""
    return any(thing.told < TOLD_PICTURES for thing in things.standing)


def with_picture(
    seen: SeenThings,
    found: Sequence[ObservedBox],
    persons: Sequence[ObservedBox],
    at: Millis,
    *,
    told: bool,
) -> SeenThings:
    """Return what is known after a picture: `found` are its things, those that stand included.

    `told` is whether the picture was a finding of the standing things, and could become a flag.
    """
    is_over = seen.until is not None and at > seen.until
    open_things = (thing for thing in seen.things if thing.stands or not is_over)
    things = tuple(_after(thing, found, told=told) for thing in open_things)
    kept = tuple(thing for thing in things if not _has_moved(thing, things, found))
    if is_over:
        return replace(seen, things=kept)
    moved = {thing.label for thing in things} - {thing.label for thing in kept}
    new = (box for box in found if box.label not in moved and not _is_held(box, persons))
    known = (*kept, *_first_seen(new, kept))
    # Of more than can be remembered, what is not in this picture, and was rarely seen, is dropped.
    ranked = sorted(known, key=lambda thing: _rank(thing, found), reverse=True)
    return replace(seen, things=tuple(ranked[:MAX_THINGS]))


def _rank(thing: SeenThing, found: Sequence[ObservedBox]) -> tuple[bool, bool, int]:
    return thing.stands, any(_is_at(thing, box) for box in found), thing.sightings


def _after(thing: SeenThing, found: Sequence[ObservedBox], *, told: bool) -> SeenThing:
    is_there = any(_is_at(thing, box) for box in found)
    sightings = min(STANDING_SIGHTINGS, thing.sightings + is_there)
    return replace(thing, sightings=sightings, told=thing.told + (told and thing.stands))


def _has_moved(thing: SeenThing, things: Sequence[SeenThing], found: Sequence[ObservedBox]) -> bool:
    """Return whether a movable thing is seen away from every known place, and not at its own."""
    alike = [box for box in found if box.label == thing.label]
    elsewhere = any(not any(_is_at(other, box) for other in things) for box in alike)
    is_there = any(_is_at(thing, box) for box in alike)
    return thing.label in _DROPPED_WHEN_MOVED and elsewhere and not is_there


def _first_seen(found: Iterable[ObservedBox], known: Sequence[SeenThing]) -> Iterable[SeenThing]:
    for box in found:
        if not any(_is_at(thing, box) for thing in known):
            place = (box.x, box.y, box.width, box.height)
            left, top, width, height = (round(value * _MILLE) for value in place)
            yield SeenThing(box.label, (left, top, width, height))


def _is_at(thing: SeenThing, box: ObservedBox) -> bool:
    return thing.is_at(box.label, box.x, box.y, box.width, box.height)


def _is_held(box: ObservedBox, persons: Sequence[ObservedBox]) -> bool:
    area = box.width * box.height
    return any(_shared(box, person) > MAX_HELD * area for person in persons)


def _shared(box: ObservedBox, other: ObservedBox) -> float:
    return _overlap(box.x, box.width, other.x, other.width) * _overlap(
        box.y, box.height, other.y, other.height
    )


def _overlap(start: float, length: float, other_start: float, other_length: float) -> float:
    return max(0.0, min(start + length, other_start + other_length) - max(start, other_start))
