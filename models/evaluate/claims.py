"""What the product claims of a picture, measured beside the goal, by view, with intervals by group."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.rules.findings import NOTICE_KINDS
from models.evaluate.grouping import GroupedShare
from models.evaluate.measure import QUESTIONS, EvaluatedScene, Question
from models.evaluate.tables import Table

MIN_POSITIVES = 30
"""From fewer positives no limit is chosen, and no claim is made: their figures are told as weak."""


class PictureSet(StrEnum):
    """What a folder of pictures is used for; a figure is worth what its set is (models/cards)."""

    TUNE = "tune"
    CHECK = "check"
    FINAL = "final"

    @property
    def told(self) -> str:
        """What to think of figures of this set."""
        return _TOLD[self]


_TOLD = {
    PictureSet.TUNE: "limits were chosen on such pictures, so expect less on others",
    PictureSet.CHECK: "nothing is chosen on these; note this look in models/cards/README.md",
    PictureSet.FINAL: "opened by a release only; note this look in models/cards/README.md",
}


@dataclass(frozen=True)
class Claim:
    """A claim: the question, which pictures it is asked of, and the goals, as parts of 1.

    ``recall`` is the least share to be found, ``false`` the greatest share of false answers. A claim
    about some of the positives only (``only``) is asked of no negatives.
    """

    name: str
    question: Question
    recall: float | None = None
    false: float | None = None
    only: Callable[[EvaluatedScene], bool] | None = None


def _notes(*words: str) -> Callable[[EvaluatedScene], bool]:
    return lambda result: any(word in result.scene.notes.lower() for word in words)


def _from_side(result: EvaluatedScene) -> bool:
    return result.scene.view == "second"


def _ordinary(result: EvaluatedScene) -> tuple[bool | None, bool]:
    return (False if result.scene.is_compliant else None), bool(result.kinds - NOTICE_KINDS)


def _possible_phone(result: EvaluatedScene) -> tuple[bool | None, bool]:
    return result.scene.labels["phone"], bool(result.kinds & {"phone", "possible_phone"})


def _faces_right(result: EvaluatedScene) -> tuple[bool | None, bool]:
    faces = result.scene.faces
    return (None if faces is None else True), min(2, faces or 0) == min(
        2, len(result.analysis.faces)
    )


CLAIMS: tuple[Claim, ...] = (
    Claim("nobody in the seat", QUESTIONS["absent"], 0.97, 0.005),
    Claim("more than one person", QUESTIONS["extra_person"], 0.9, 0.02),
    Claim("- at the frame's edge", QUESTIONS["extra_person"], 0.8, only=_notes("edge")),
    Claim("phone", QUESTIONS["phone"], 0.45, 0.02),
    Claim("- seen from the side", QUESTIONS["phone"], 0.4, only=_from_side),
    Claim("- or a possible phone", _possible_phone),
    Claim("book", QUESTIONS["book"], 0.7, 0.02),
    Claim("face covered", QUESTIONS["face_occluded"], 0.7, 0.03),
    Claim(
        "- dark glasses",
        QUESTIONS["face_occluded"],
        0.6,
        only=_notes("sunglasses", "dark glasses"),
    ),
    Claim("looking away", QUESTIONS["looking_away"], 0.9, 0.04),
    Claim("looking down", QUESTIONS["looking_down"], 0.6, 0.05),
    Claim("ordinary sitter disturbed", _ordinary, None, 0.04),
    Claim("faces 0, 1 or more, right", _faces_right, 0.98),
)


def claims_table(results: Sequence[EvaluatedScene], used_as: PictureSet) -> list[Table]:
    """Return the table of claims beside their goals; none without scenes."""
    rows = [row for claim in CLAIMS for row in _rows(claim, results)]
    columns = ("", "view", "found", "goal", "false", "goal", "persons or videos", "")
    title = f"claims, pictures used to {used_as}: {used_as.told}"
    if used_as is PictureSet.FINAL:
        title = f"claims, final pictures: {used_as.told}"
    return [Table(title, columns, rows)] if rows else []


def _rows(claim: Claim, results: Sequence[EvaluatedScene]) -> Iterator[tuple[str, ...]]:
    """Yield a claim's row for all views, and for each view where it was asked in both."""
    results = [result for result in results if claim.question(result)[0] is not None]
    if claim.only is not None:
        results = [result for result in results if claim.question(result)[0] and claim.only(result)]
    views = sorted({result.scene.view for result in results})
    split = views if len(views) > 1 and claim.only is None else []
    for view in ["all" if len(views) > 1 else next(iter(views), ""), *split]:
        chosen = [result for result in results if view in ("all", result.scene.view)]
        found, false = _shares(claim, chosen)
        if found.total or false.total:
            groups = f"{found.groups} / {false.groups}"
            few = f"fewer than {MIN_POSITIVES}" if 0 < found.total < MIN_POSITIVES else ""
            goals = _goal("≥", claim.recall), _goal("≤", claim.false)
            yield claim.name, view, str(found), goals[0], str(false), goals[1], groups, few


def _shares(claim: Claim, results: Sequence[EvaluatedScene]) -> tuple[GroupedShare, GroupedShare]:
    answers = [(result, *claim.question(result)) for result in results]
    found, false = (
        GroupedShare(
            [(result.scene.group, said) for result, label, said in answers if label is wanted]
        )
        for wanted in (True, False)
    )
    return found, false


def _goal(sign: str, goal: float | None) -> str:
    return "" if goal is None else f"{sign} {100 * goal:g}%"
