"""How a camera should stand (取景): what a test shot has right, what to mend, and what cannot be told.

A test shot helps its candidate to place camera and lamp. It is never a flag against anybody: it
is judged on its own, counted nowhere, and forgotten after a day. Each limit says why it is so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.rules.findings import ObservedBox
from chalicelib.domain.types import View


class PlacementProblem(StrEnum):
    """What a test shot asks to mend. Pages tell each in plain words, with a remedy."""

    UNREADABLE = "unreadable"
    COVERED = "covered"
    TOO_DARK = "too_dark"
    TOO_BLURRED = "too_blurred"
    SEVERAL_PEOPLE = "several_people"
    NO_FACE = "no_face"
    NOBODY = "nobody"
    TOO_FAR = "too_far"
    TOO_NEAR = "too_near"
    OFF_CENTRE = "off_centre"
    CUT_OFF = "cut_off"
    FROM_FRONT = "from_front"
    NO_DESK = "no_desk"


HINTS = frozenset({PlacementProblem.FROM_FRONT, PlacementProblem.NO_DESK})
"""What the models tell too weakly to insist on: the person is asked to look for themselves."""

MIN_FACE_WIDTH = 0.085
"""Of the picture: at 640 pixels 54, a little over the 48 from which identity may be judged."""
MAX_FACE_HEIGHT = 0.5
"""A taller face leaves no room for the shoulders."""
FACE_LEFT, FACE_RIGHT = 0.28, 0.72
"""Where the middle of the face may lie: outside, a small move leaves the picture."""
FACE_TOP, FACE_BOTTOM = 0.1, 0.65
SHOULDERS = 0.7
"""Heights of a face that must be in the picture below it: there the shoulders are."""
MIN_PERSON_HEIGHT = 0.35
"""Smaller, hands on the desk and what they hold cannot be told."""
MAX_PERSON_WIDTH = 0.9
"""Wider, nothing beside the person is seen."""
EDGE = 0.006
"""A box that comes nearer to the picture's edge goes on beyond it."""
LIGHT = 45.0
"""Mean brightness of 255: a good deal over the 30 below which faces are not judged at all."""
TEXTURE, SHARPNESS = 8.0, 0.1
"""As for snapshots: less texture is a covered lens, less sharpness shows no eyes."""
THING = 0.3
ON_DESKS = frozenset({"tv", "laptop", "mouse", "keyboard", "book", "phone", "remote"})


@dataclass(frozen=True, slots=True)
class PlacementScene:
    """What the models found in a test shot, as boxes in parts of the picture and plain numbers.

    `facing` says that somebody's face is turned straight to the camera.
    """

    faces: tuple[ObservedBox, ...] = ()
    persons: tuple[ObservedBox, ...] = ()
    things: tuple[ObservedBox, ...] = ()
    light: float = 0.0
    texture: float = 0.0
    sharpness: float = 0.0
    facing: bool = False


def problems_of(scene: PlacementScene, view: View) -> tuple[PlacementProblem, ...]:
    """Return what to mend, the most important first; nothing where the camera stands well."""
    if scene.texture < TEXTURE and not scene.persons:
        return (PlacementProblem.COVERED,)
    placed = _first(scene) if view is View.FIRST else _second(scene)
    return (*_light(scene), *placed)


def _light(scene: PlacementScene) -> Iterator[PlacementProblem]:
    if scene.light < LIGHT:
        yield PlacementProblem.TOO_DARK
    elif scene.sharpness < SHARPNESS:
        yield PlacementProblem.TOO_BLURRED


def _first(scene: PlacementScene) -> Iterator[PlacementProblem]:
    """The computer's camera: one face in front of it, the upper body in the picture."""
    if len(scene.persons) > 1:
        yield PlacementProblem.SEVERAL_PEOPLE
    elif not scene.faces:
        yield PlacementProblem.NO_FACE
    else:
        yield from _face(max(scene.faces, key=lambda box: box.width * box.height))


def _face(face: ObservedBox) -> Iterator[PlacementProblem]:
    if face.width < MIN_FACE_WIDTH:
        yield PlacementProblem.TOO_FAR
    elif face.height > MAX_FACE_HEIGHT:
        yield PlacementProblem.TOO_NEAR
        return  # whatever else is wrong, moving back mends it
    across, down = face.x + face.width / 2, face.y + face.height / 2
    if not (FACE_LEFT <= across <= FACE_RIGHT and FACE_TOP <= down <= FACE_BOTTOM):
        yield PlacementProblem.OFF_CENTRE
    elif face.y + face.height * (1 + SHOULDERS) > 1:
        yield PlacementProblem.CUT_OFF


def _second(scene: PlacementScene) -> Iterator[PlacementProblem]:
    """The phone's: the whole of one person and the desk, from the side."""
    if len(scene.persons) > 1:
        yield PlacementProblem.SEVERAL_PEOPLE
    elif not scene.persons:
        yield PlacementProblem.NOBODY
    else:
        yield from _person(scene.persons[0])
        if scene.facing:
            yield PlacementProblem.FROM_FRONT
        if not any(box.label in ON_DESKS and box.score >= THING for box in scene.things):
            yield PlacementProblem.NO_DESK


def _person(person: ObservedBox) -> Iterator[PlacementProblem]:
    if person.height < MIN_PERSON_HEIGHT:
        yield PlacementProblem.TOO_FAR
    elif person.width > MAX_PERSON_WIDTH:
        yield PlacementProblem.TOO_NEAR
    elif person.y < EDGE or person.x < EDGE or person.x + person.width > 1 - EDGE:
        yield PlacementProblem.CUT_OFF
