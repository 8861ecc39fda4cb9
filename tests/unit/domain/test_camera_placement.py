"""Camera placement: each threshold, on both sides."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.rules.camera_placement import PlacementProblem, PlacementScene, problems_of
from chalicelib.domain.rules.findings import ObservedBox
from chalicelib.domain.types import View

FACE = ObservedBox("face", 0.9, 0.42, 0.2, 0.16, 0.24)
PERSON = ObservedBox("person", 0.8, 0.2, 0.1, 0.6, 0.9)
LAPTOP = ObservedBox("laptop", 0.6, 0.6, 0.6, 0.3, 0.3)
FRONT = PlacementScene((FACE,), (PERSON,), (), light=110, texture=40, sharpness=0.3, facing=True)
SIDE = PlacementScene((), (PERSON,), (LAPTOP,), light=110, texture=40, sharpness=0.3)


def face(**changes: Any) -> PlacementScene:
    return replace(FRONT, faces=(replace(FACE, **changes),))


def person(**changes: Any) -> PlacementScene:
    return replace(SIDE, persons=(replace(PERSON, **changes),))


@pytest.mark.parametrize("view", View)
def test_well_placed_camera_has_no_problems(view: View) -> None:
    assert problems_of(FRONT if view is View.FIRST else SIDE, view) == ()


@pytest.mark.parametrize(
    ("scene", "problem"),
    [
        (face(width=0.08), PlacementProblem.TOO_FAR),
        (face(height=0.51), PlacementProblem.TOO_NEAR),
        (face(x=0.1), PlacementProblem.OFF_CENTRE),
        (face(x=0.75), PlacementProblem.OFF_CENTRE),
        (face(y=0.55), PlacementProblem.OFF_CENTRE),
        (face(y=0.4, height=0.4), PlacementProblem.CUT_OFF),
        (replace(FRONT, faces=()), PlacementProblem.NO_FACE),
        (replace(FRONT, faces=(), persons=()), PlacementProblem.NO_FACE),
        (replace(FRONT, persons=(PERSON, PERSON)), PlacementProblem.SEVERAL_PEOPLE),
        (replace(FRONT, light=44), PlacementProblem.TOO_DARK),
        (replace(FRONT, sharpness=0.09), PlacementProblem.TOO_BLURRED),
    ],
)
def test_problems_of_the_computers_camera(scene: PlacementScene, problem: PlacementProblem) -> None:
    assert problems_of(scene, View.FIRST) == (problem,)


@pytest.mark.parametrize(
    ("scene", "problem"),
    [
        (person(height=0.34), PlacementProblem.TOO_FAR),
        (person(x=0.02, width=0.95), PlacementProblem.TOO_NEAR),
        (person(y=0.0), PlacementProblem.CUT_OFF),
        (person(x=0.0), PlacementProblem.CUT_OFF),
        (person(x=0.4), PlacementProblem.CUT_OFF),
        (replace(SIDE, persons=()), PlacementProblem.NOBODY),
        (replace(SIDE, persons=(PERSON, PERSON)), PlacementProblem.SEVERAL_PEOPLE),
        (replace(SIDE, facing=True), PlacementProblem.FROM_FRONT),
        (replace(SIDE, objects=()), PlacementProblem.NO_DESK),
        (replace(SIDE, objects=(replace(LAPTOP, score=0.2),)), PlacementProblem.NO_DESK),
    ],
)
def test_problems_of_the_phones_camera(scene: PlacementScene, problem: PlacementProblem) -> None:
    assert problems_of(scene, View.SECOND) == (problem,)


def test_covered_lens_is_the_only_problem_reported() -> None:
    for view in View:
        assert problems_of(PlacementScene(light=5, texture=2), view) == (PlacementProblem.COVERED,)


def test_darkness_is_reported_first() -> None:
    dark = replace(face(x=0.1), light=20)
    assert problems_of(dark, View.FIRST) == (PlacementProblem.TOO_DARK, PlacementProblem.OFF_CENTRE)
