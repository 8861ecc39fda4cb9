"""The script of an hour: habits that are no offence, and offences with their begin and length.

Twelve hours: three people in four conditions, each watched by both views. What is played comes
from the folder's labelled pictures; what these do not show is not played, and not counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import View

FIRST_INTERVAL, SECOND_INTERVAL = 5, 10
"""Seconds between two snapshots of each view."""
SECONDS = 3600
PEOPLE = 3


class Condition(StrEnum):
    """What the hour's pictures are like."""

    DAY = "day"
    DIM = "dim"
    LAMP = "lamp"
    POOR_CAMERA = "poor camera"


class Act(StrEnum):
    """What the candidate does, or what happens."""

    SIT = "sit"
    GLANCE = "glance"
    DARK = "dark"
    BLURRED = "blurred"
    ABSENT = "absent"
    EXTRA_PERSON = "extra_person"
    OTHER_FACE = "other_face"
    PHONE = "phone"
    FACE_COVERED = "face_covered"
    LOOK_AWAY = "look_away"
    CAMERA_COVERED = "camera_covered"
    CAMERA_MOVED = "camera_moved"


@dataclass(frozen=True)
class Stretch:
    """An act from a second on, for some seconds, in one view; ``kind`` is what must be flagged."""

    act: Act
    view: View
    begin: int
    seconds: int
    kind: FindingKind | None = None

    @property
    def end(self) -> int:
        """The second in which it is over."""
        return self.begin + self.seconds

    def holds(self, second: int) -> bool:
        """Return whether the act is going on."""
        return self.begin <= second < self.end


_FIRST, _SECOND = View.FIRST, View.SECOND
HABITS = (
    *(Stretch(Act.GLANCE, _FIRST, begin, 5) for begin in (400, 705, 1300, 1900, 2255)),
    Stretch(Act.DARK, _FIRST, 1150, 25),
    Stretch(Act.BLURRED, _FIRST, 1800, 10),
)
OFFENCES = (
    Stretch(Act.ABSENT, _FIRST, 2400, 40, FindingKind.ABSENT),
    Stretch(Act.EXTRA_PERSON, _FIRST, 2500, 40, FindingKind.EXTRA_PERSON),
    Stretch(Act.OTHER_FACE, _FIRST, 2600, 40, FindingKind.IDENTITY_MISMATCH),
    Stretch(Act.PHONE, _FIRST, 2700, 40, FindingKind.PHONE),
    Stretch(Act.FACE_COVERED, _FIRST, 2800, 40, FindingKind.FACE_OCCLUDED),
    Stretch(Act.LOOK_AWAY, _FIRST, 2900, 40, FindingKind.LOOKING_AWAY),
    Stretch(Act.CAMERA_COVERED, _FIRST, 3000, 40, FindingKind.CAMERA_COVERED),
    Stretch(Act.ABSENT, _SECOND, 2400, 60, FindingKind.ABSENT),
    Stretch(Act.PHONE, _SECOND, 2700, 60, FindingKind.PHONE),
    Stretch(Act.CAMERA_MOVED, _SECOND, 3100, 90, FindingKind.CAMERA_MOVED),
)


def acts(view: View, interval: int, playable: Sequence[Act]) -> list[Act]:
    """Return what each snapshot of a view shows, of what can be played."""
    stretches = [
        stretch
        for stretch in (*HABITS, *OFFENCES)
        if stretch.view is view and stretch.act in playable
    ]
    return [
        next((stretch.act for stretch in stretches if stretch.holds(second)), Act.SIT)
        for second in range(0, SECONDS, interval)
    ]
