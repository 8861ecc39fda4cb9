"""How a camera should stand: each limit, at either side of it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.rules.camera_placement import Framing, Scene, problems_of
from chalicelib.domain.rules.findings import Box
from chalicelib.domain.types import View

FACE = Box("face", 0.9, 0.42, 0.2, 0.16, 0.24)
PERSON = Box("person", 0.8, 0.2, 0.1, 0.6, 0.9)
LAPTOP = Box("laptop", 0.6, 0.6, 0.6, 0.3, 0.3)
FRONT = Scene((FACE,), (PERSON,), (), light=110, texture=40, sharpness=0.3, facing=True)
SIDE = Scene((), (PERSON,), (LAPTOP,), light=110, texture=40, sharpness=0.3)


def face(**changes: Any) -> Scene:
    return replace(FRONT, faces=(replace(FACE, **changes),))


def person(**changes: Any) -> Scene:
    return replace(SIDE, persons=(replace(PERSON, **changes),))


@pytest.mark.parametrize("view", View)
def test_a_camera_that_stands_well_asks_for_nothing(view: View) -> None:
    assert problems_of(FRONT if view is View.FIRST else SIDE, view) == ()


@pytest.mark.parametrize(
    ("scene", "problem"),
    [
        (face(width=0.08), Framing.TOO_FAR),
        (face(height=0.51), Framing.TOO_NEAR),
        (face(x=0.1), Framing.OFF_CENTRE),
        (face(x=0.75), Framing.OFF_CENTRE),
        (face(y=0.55), Framing.OFF_CENTRE),
        (face(y=0.4, height=0.4), Framing.CUT_OFF),
        (replace(FRONT, faces=()), Framing.NO_FACE),
        (replace(FRONT, faces=(), persons=()), Framing.NO_FACE),
        (replace(FRONT, persons=(PERSON, PERSON)), Framing.SEVERAL_PEOPLE),
        (replace(FRONT, light=44), Framing.TOO_DARK),
        (replace(FRONT, sharpness=0.09), Framing.TOO_BLURRED),
    ],
)
def test_the_computers_camera(scene: Scene, problem: Framing) -> None:
    assert problems_of(scene, View.FIRST) == (problem,)


@pytest.mark.parametrize(
    ("scene", "problem"),
    [
        (person(height=0.34), Framing.TOO_FAR),
        (person(x=0.02, width=0.95), Framing.TOO_NEAR),
        (person(y=0.0), Framing.CUT_OFF),
        (person(x=0.0), Framing.CUT_OFF),
        (person(x=0.4), Framing.CUT_OFF),
        (replace(SIDE, persons=()), Framing.NOBODY),
        (replace(SIDE, persons=(PERSON, PERSON)), Framing.SEVERAL_PEOPLE),
        (replace(SIDE, facing=True), Framing.FROM_FRONT),
        (replace(SIDE, things=()), Framing.NO_DESK),
        (replace(SIDE, things=(replace(LAPTOP, score=0.2),)), Framing.NO_DESK),
    ],
)
def test_the_phones_camera(scene: Scene, problem: Framing) -> None:
    assert problems_of(scene, View.SECOND) == (problem,)


def test_a_covered_lens_is_all_that_is_said() -> None:
    for view in View:
        assert problems_of(Scene(light=5, texture=2), view) == (Framing.COVERED,)


def test_darkness_is_said_first() -> None:
    dark = replace(face(x=0.1), light=20)
    assert problems_of(dark, View.FIRST) == (Framing.TOO_DARK, Framing.OFF_CENTRE)
