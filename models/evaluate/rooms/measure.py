"""What the product sees in composed rooms: phones by size, computers, and phones held for a minute."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.rules.camera_placement import MIN_OBJECT_SCORE
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import STANDARD
from chalicelib.domain.types import View
from functions.vision.pipeline import FrameAnalysis, VisionPipeline
from models.evaluate.grouping import GroupedShare, shares
from models.evaluate.rooms.compose import FRAMES, PHONE_SIDES, Room
from models.evaluate.tables import Table
from models.evaluate.watch import flags_of, moment, observation_of

INTERVAL = 10
"""Seconds between two pictures of the second view."""


@dataclass(frozen=True)
class SeenRoom:
    """A room, what was seen in each of its pictures, and which kinds were flagged."""

    room: Room
    analyses: tuple[FrameAnalysis, ...]
    flagged: frozenset[FindingKind]


def look(pipeline: VisionPipeline, rooms: Iterable[Room]) -> list[SeenRoom]:
    """Look at every room's pictures as the second view, and apply the standard rules over time."""
    seen = []
    for room in rooms:
        analyses = tuple(pipeline.analyze(frame, view="second") for frame in room.frames)
        observations = [
            observation_of(analysis, View.SECOND, moment(number, INTERVAL))
            for number, analysis in enumerate(analyses)
        ]
        flags = flags_of(observations, STANDARD)
        seen.append(SeenRoom(room, analyses, frozenset(flag.kind for flag in flags)))
    return seen


_PHONE = frozenset({FindingKind.PHONE})
_POSSIBLE = _PHONE | {FindingKind.POSSIBLE_PHONE}


def _finds(kinds: frozenset[FindingKind]) -> Callable[[FrameAnalysis], bool]:
    return lambda analysis: any(finding.kind in kinds for finding in analysis.findings)


def _share(rooms: Sequence[SeenRoom], question: Callable[[FrameAnalysis], bool]) -> GroupedShare:
    return GroupedShare(
        [(seen.room.plan.group, question(analysis)) for seen in rooms for analysis in seen.analyses]
    )


def room_tables(rooms: list[SeenRoom]) -> list[Table]:
    """Return the tables of composed rooms, which say that they are simulated."""
    return [_phones(rooms), _places(rooms), _placement(rooms)] if rooms else []


def _phones(rooms: list[SeenRoom]) -> Table:
    rows = []
    for side in (*PHONE_SIDES, 0):
        chosen = [seen for seen in rooms if seen.room.plan.phone_side == side]
        cells = [f"{side} px" if side else "none"]
        for kinds in (_PHONE, _POSSIBLE):
            flagged = [(seen.room.plan.group, bool(seen.flagged & kinds)) for seen in chosen]
            cells += [str(_share(chosen, _finds(kinds))), str(GroupedShare(flagged))]
        rows.append(cells)
    within = f"within {FRAMES * INTERVAL} s"
    return Table(
        "second view, simulated: phones",
        (
            "longer side of 1280",
            "phone, a picture",
            f"flagged {within}",
            "also possible phone, a picture",
            f"flagged or noticed {within}",
        ),
        rows,
    )


def _places(rooms: list[SeenRoom]) -> Table:
    def case(seen: SeenRoom) -> list[str]:
        plan = seen.room.plan
        cut_out = "drawn" if seen.room.phone == "drawn" else "photographed"
        part = "fingers over part of it" if plan.covered else "in full view"
        where = "from behind or the side" if plan.behind else "from the front"
        return [f"place: {plan.place}", f"phone: {cut_out}", f"phone: {part}", f"seen {where}"]

    answers = [
        (name, seen.room.plan.group, _finds(_PHONE)(analysis))
        for seen in rooms
        if seen.room.plan.phone_side
        for analysis in seen.analyses
        for name in case(seen)
    ]
    rows = [(name, str(share)) for name, share in sorted(shares(answers).items())]
    return Table("second view, simulated: phones of all sizes", ("", "found a picture"), rows)


def _placement(rooms: list[SeenRoom]) -> Table:
    """Return whether persons, computer and screen are seen, as the notices want in one picture."""

    def sees(analysis: FrameAnalysis, *labels: str) -> bool:
        return any(
            box.label in labels and box.score >= MIN_OBJECT_SCORE for box in analysis.objects
        )

    rows = [
        ("one person, no more", str(_share(rooms, lambda seen: len(seen.persons) == 1))),
        ("a screen or a laptop", str(_share(rooms, lambda seen: sees(seen, "tv", "laptop")))),
        ("keyboard or mouse", str(_share(rooms, lambda seen: sees(seen, "keyboard", "mouse")))),
        (
            "person and screen in one picture",
            str(_share(rooms, lambda seen: bool(seen.persons) and sees(seen, "tv", "laptop"))),
        ),
    ]
    return Table("second view, simulated: placement", ("", "seen"), rows)
