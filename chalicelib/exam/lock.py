"""The lock (锁屏): what counts as leaving the exam page, and what follows. Pure rules.

A page that is left covers its questions and tells the server. The server counts, by the rule of
the subject; its clock is the one that holds, and a report that comes twice counts once.
"""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.exam.errors import BadInput
from chalicelib.exam.words import SECOND, Millis, Text

MOST_ALLOWED = 100
LONGEST_FORGIVEN: Millis = 10 * SECOND


class Then(StrEnum):
    """What follows when the page was left more often than is allowed."""

    TELL = "tell"
    """The proctor is told, as with every leave; nothing else happens."""
    PAUSE = "pause"
    """The clock stops until a proctor lets it run on; the time is credited."""
    END = "end"
    """The session ends at once."""


@dataclass(frozen=True, slots=True)
class LockRule:
    """How a subject holds the screen.

    Leaves are counted and told to the proctor always; more than `allowed` of them have `then`
    follow. A leave of up to `forgiven` is none: a system's pop-up takes the focus for a moment.
    """

    on: bool = True
    allowed: int = 5
    then: Then = Then.PAUSE
    forgiven: Millis = SECOND

    def __post_init__(self) -> None:
        """Refuse what no page could keep to. Raises BadInput."""
        if not 0 <= self.allowed <= MOST_ALLOWED:
            raise BadInput(
                Text(
                    f"允许离开次数应为 0 至 {MOST_ALLOWED}。",
                    f"Leaves allowed: from 0 to {MOST_ALLOWED}.",
                )
            )
        if not 0 <= self.forgiven <= LONGEST_FORGIVEN:
            raise BadInput(
                Text("可忽略的离开时长应为 0 至 10 秒。", "Leaves forgiven: from 0 to 10 seconds.")
            )
