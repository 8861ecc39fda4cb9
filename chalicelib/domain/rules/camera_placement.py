"""Camera placement (取景): what to correct about a camera's position, from one test picture.

A test picture helps the candidate to place camera and lamp. It never raises a flag: it is
evaluated on its own, counted nowhere, and deleted after a day. Each threshold gives its reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.rules.findings import ObservedBox
from chalicelib.domain.types import View


class PlacementProblem(StrEnum):
    """What to correct about a camera's position. Pages show each in plain words, with a remedy."""

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
"""Problems that the models detect too unreliably to block on: shown as advice only."""

MIN_FACE_WIDTH = 0.085
"""As a part of the picture's width: 54 of 640 pixels; faces are compared from 48 pixels."""
MAX_FACE_HEIGHT = 0.5
"""A taller face leaves no room for the shoulders."""
FACE_LEFT, FACE_RIGHT = 0.28, 0.72
"""Where the centre of the face may be: further out, a small movement leaves the picture."""
FACE_TOP, FACE_BOTTOM = 0.1, 0.65
SHOULDER_ROOM = 0.7
"""Room for the shoulders below the face, in heights of the face."""
MIN_PERSON_HEIGHT = 0.35
"""For a smaller person, hands and what they hold cannot be detected."""
MAX_PERSON_WIDTH = 0.9
"""For a wider person, nothing beside them is visible."""
EDGE_MARGIN = 0.006
"""A box closer to the picture's edge than this is taken to continue beyond it."""
MIN_LIGHT = 45.0
"""Mean brightness, 0..255: well above the 30 below which faces are not evaluated."""
MIN_TEXTURE, MIN_SHARPNESS = 8.0, 0.1
"""As for snapshots: below, the lens is covered, or eyes cannot be recognised."""
MIN_OBJECT_SCORE = 0.3
DESK_OBJECTS = frozenset({"tv", "laptop", "mouse", "keyboard", "book", "phone", "remote"})


@dataclass(frozen=True, slots=True)
class PlacementScene:
    """What the models found in a test picture; boxes are in parts 0..1 of the picture.

    `light` is 0..255; `facing` is whether a face is turned straight to the camera.
    """

    faces: tuple[ObservedBox, ...] = ()
    persons: tuple[ObservedBox, ...] = ()
    objects: tuple[ObservedBox, ...] = ()
    light: float = 0.0
    texture: float = 0.0
    sharpness: float = 0.0
    facing: bool = False


def problems_of(scene: PlacementScene, view: View) -> tuple[PlacementProblem, ...]:
    """Return the problems to correct, the most important first; empty if the camera is well placed."""
    if scene.texture < MIN_TEXTURE and not scene.persons:
        return (PlacementProblem.COVERED,)
    placement = _first_view_problems(scene) if view is View.FIRST else _second_view_problems(scene)
    return (*_light_problems(scene), *placement)


def _light_problems(scene: PlacementScene) -> Iterator[PlacementProblem]:
    if scene.light < MIN_LIGHT:
        yield PlacementProblem.TOO_DARK
    elif scene.sharpness < MIN_SHARPNESS:
        yield PlacementProblem.TOO_BLURRED


def _first_view_problems(scene: PlacementScene) -> Iterator[PlacementProblem]:
    """The computer's camera: one face in front of it, with the upper body."""
    if len(scene.persons) > 1:
        yield PlacementProblem.SEVERAL_PEOPLE
    elif not scene.faces:
        yield PlacementProblem.NO_FACE
    else:
        yield from _face_problems(max(scene.faces, key=lambda box: box.width * box.height))


def _face_problems(face: ObservedBox) -> Iterator[PlacementProblem]:
    if face.width < MIN_FACE_WIDTH:
        yield PlacementProblem.TOO_FAR
    elif face.height > MAX_FACE_HEIGHT:
        yield PlacementProblem.TOO_NEAR
        return  # moving back corrects the other problems too
    across, down = face.x + face.width / 2, face.y + face.height / 2
    if not (FACE_LEFT <= across <= FACE_RIGHT and FACE_TOP <= down <= FACE_BOTTOM):
        yield PlacementProblem.OFF_CENTRE
    elif face.y + face.height * (1 + SHOULDER_ROOM) > 1:
        yield PlacementProblem.CUT_OFF


def _second_view_problems(scene: PlacementScene) -> Iterator[PlacementProblem]:
    """The phone's camera: one person and the desk, from the side."""
    if len(scene.persons) > 1:
        yield PlacementProblem.SEVERAL_PEOPLE
    elif not scene.persons:
        yield PlacementProblem.NOBODY
    else:
        yield from _person_problems(scene.persons[0])
        if scene.facing:
            yield PlacementProblem.FROM_FRONT
        if not any(
            box.label in DESK_OBJECTS and box.score >= MIN_OBJECT_SCORE for box in scene.objects
        ):
            yield PlacementProblem.NO_DESK


def _person_problems(person: ObservedBox) -> Iterator[PlacementProblem]:
    if person.height < MIN_PERSON_HEIGHT:
        yield PlacementProblem.TOO_FAR
    elif person.width > MAX_PERSON_WIDTH:
        yield PlacementProblem.TOO_NEAR
    elif (
        person.y < EDGE_MARGIN
        or person.x < EDGE_MARGIN
        or person.x + person.width > 1 - EDGE_MARGIN
    ):
        yield PlacementProblem.CUT_OFF
