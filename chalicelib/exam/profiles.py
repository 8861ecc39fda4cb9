"""Rules profiles: per kind, what opens a flag, what closes it and how severe it is."""

from dataclasses import dataclass
from enum import IntEnum

from chalicelib.exam.findings import Kind
from chalicelib.exam.words import MINUTE, SECOND, Millis


class Severity(IntEnum):
    """How soon a person should look."""

    NOTICE = 1
    SERIOUS = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of finding becomes a flag.

    A flag opens when `hits` of the last `window` observations of one view show the kind, and
    closes after `clear` observations in a row without it. An open flag that lasts longer than
    `grows_after` is one step more severe.
    """

    hits: int
    window: int
    clear: int
    severity: Severity
    grows_after: Millis = MINUTE


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of rules; kinds that it does not name raise no flag.

    `missing_after` is how long nothing may arrive of what was planned before `no_snapshot` opens.
    """

    name: str
    rules: dict[Kind, Rule]
    missing_after: Millis = 20 * SECOND
    identity_enough: float = 0.37
    """The cosine similarity from which the machine takes two faces for one person's.
    Source: the operating point measured for the face model on labelled pairs."""


STANDARD = Profile(
    "standard",
    {
        # Two pictures in a row are 10 s at most: long enough not to be a bad frame.
        Kind.ABSENT: Rule(2, 3, 2, Severity.SERIOUS, grows_after=30 * SECOND),
        Kind.EXTRA_PERSON: Rule(2, 3, 2, Severity.CRITICAL),
        # A face in profile or shadow is not a stranger's: ask for more agreement.
        Kind.IDENTITY_MISMATCH: Rule(3, 4, 2, Severity.CRITICAL),
        Kind.PHONE: Rule(2, 4, 3, Severity.SERIOUS),
        Kind.VOICE: Rule(2, 3, 2, Severity.NOTICE),
        Kind.NO_SNAPSHOT: Rule(1, 1, 1, Severity.SERIOUS, grows_after=2 * MINUTE),
    },
)

PROFILES = {STANDARD.name: STANDARD}


def profile_named(name: str) -> Profile:
    """Return the profile of that name; an unknown name is the standard one."""
    return PROFILES.get(name, STANDARD)
