"""Rules profiles: per kind, what opens a flag, what closes it and how severe it is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import IntEnum

from chalicelib.domain.rules.findings import Kind
from chalicelib.domain.types import MINUTE, SECOND, Millis


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

    @property
    def grown(self) -> Severity:
        """The severity of a flag that has lasted longer than `grows_after`."""
        return Severity(min(self.severity + 1, Severity.CRITICAL))


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
        # A thing held low is seen in some pictures only.
        Kind.PHONE: Rule(2, 4, 3, Severity.SERIOUS),
        Kind.BOOK: Rule(2, 4, 3, Severity.SERIOUS),
        # A drink, a scratch of the nose and a glance aside take one picture, or two.
        Kind.FACE_OCCLUDED: Rule(3, 4, 2, Severity.NOTICE, grows_after=30 * SECOND),
        Kind.LOOKING_AWAY: Rule(3, 4, 2, Severity.NOTICE, grows_after=30 * SECOND),
        # A screen stands where it stands: a single picture of it is a doubt of the detector.
        Kind.OTHER_SCREEN: Rule(3, 4, 2, Severity.NOTICE),
        # Weak signals, told as weak: nearly all of many pictures must agree, and no hurry.
        Kind.HANDS_OUT_OF_SIGHT: Rule(8, 10, 3, Severity.NOTICE, grows_after=10 * MINUTE),
        Kind.SPOOF: Rule(6, 8, 3, Severity.NOTICE, grows_after=30 * MINUTE),
        # It is found only once nothing has stirred for minutes.
        Kind.FROZEN: Rule(3, 4, 2, Severity.NOTICE, grows_after=5 * MINUTE),
        Kind.CAMERA_COVERED: Rule(2, 3, 2, Severity.SERIOUS, grows_after=30 * SECOND),
        # The candidate is asked to mend these first: they count once that has had its time.
        Kind.CAMERA_MOVED: Rule(4, 6, 3, Severity.NOTICE, grows_after=2 * MINUTE),
        Kind.TOO_DARK: Rule(6, 8, 3, Severity.NOTICE, grows_after=5 * MINUTE),
        Kind.TOO_BLURRED: Rule(6, 8, 3, Severity.NOTICE, grows_after=5 * MINUTE),
        Kind.VOICE: Rule(2, 3, 2, Severity.NOTICE),
        Kind.NO_SNAPSHOT: Rule(1, 1, 1, Severity.SERIOUS, grows_after=2 * MINUTE),
    },
)

LENIENT = Profile(
    "lenient",
    {
        **STANDARD.rules,
        Kind.ABSENT: Rule(3, 4, 2, Severity.SERIOUS),
        Kind.PHONE: Rule(3, 5, 3, Severity.SERIOUS),
        Kind.BOOK: Rule(3, 5, 3, Severity.NOTICE),
        Kind.FACE_OCCLUDED: Rule(5, 6, 2, Severity.NOTICE),
        Kind.LOOKING_AWAY: Rule(5, 6, 2, Severity.NOTICE),
        Kind.OTHER_SCREEN: Rule(5, 6, 2, Severity.NOTICE),
        Kind.HANDS_OUT_OF_SIGHT: Rule(10, 12, 3, Severity.NOTICE, grows_after=30 * MINUTE),
        Kind.SPOOF: Rule(8, 10, 3, Severity.NOTICE, grows_after=60 * MINUTE),
        Kind.FROZEN: Rule(5, 6, 2, Severity.NOTICE, grows_after=10 * MINUTE),
        Kind.CAMERA_COVERED: Rule(3, 4, 2, Severity.SERIOUS),
        Kind.CAMERA_MOVED: Rule(6, 8, 3, Severity.NOTICE, grows_after=5 * MINUTE),
        Kind.TOO_DARK: Rule(8, 10, 3, Severity.NOTICE, grows_after=10 * MINUTE),
        Kind.TOO_BLURRED: Rule(8, 10, 3, Severity.NOTICE, grows_after=10 * MINUTE),
        Kind.VOICE: Rule(3, 4, 2, Severity.NOTICE),
    },
    missing_after=40 * SECOND,
)

STRICT = Profile(
    "strict",
    {
        **STANDARD.rules,
        Kind.ABSENT: Rule(2, 3, 2, Severity.CRITICAL),
        Kind.PHONE: Rule(1, 1, 3, Severity.SERIOUS, grows_after=10 * SECOND),
        Kind.BOOK: Rule(1, 1, 3, Severity.SERIOUS),
        Kind.FACE_OCCLUDED: Rule(2, 3, 2, Severity.SERIOUS),
        Kind.LOOKING_AWAY: Rule(2, 3, 2, Severity.SERIOUS),
        Kind.OTHER_SCREEN: Rule(2, 3, 2, Severity.SERIOUS),
        Kind.HANDS_OUT_OF_SIGHT: Rule(6, 8, 3, Severity.NOTICE, grows_after=5 * MINUTE),
        Kind.SPOOF: Rule(4, 6, 3, Severity.NOTICE, grows_after=10 * MINUTE),
        Kind.FROZEN: Rule(2, 3, 2, Severity.SERIOUS),
        Kind.CAMERA_COVERED: Rule(2, 3, 2, Severity.CRITICAL),
        Kind.CAMERA_MOVED: Rule(3, 4, 2, Severity.SERIOUS, grows_after=2 * MINUTE),
        Kind.TOO_DARK: Rule(4, 6, 3, Severity.NOTICE, grows_after=2 * MINUTE),
        Kind.TOO_BLURRED: Rule(4, 6, 3, Severity.NOTICE, grows_after=2 * MINUTE),
        Kind.VOICE: Rule(1, 1, 2, Severity.SERIOUS),
    },
    missing_after=10 * SECOND,
)

PROFILES = {one.name: one for one in (LENIENT, STANDARD, STRICT)}


def profile_named(name: str, excused: Collection[Kind] = ()) -> Profile:
    """Return the profile of that name without the kinds that a candidate is excused from.

    An unknown name is the standard one. Excused are what an accommodation allows: a person who
    may talk to a screen reader raises no `voice`.
    """
    profile = PROFILES.get(name, STANDARD)
    rules = {kind: rule for kind, rule in profile.rules.items() if kind not in excused}
    return replace(profile, rules=rules)
