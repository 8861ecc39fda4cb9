"""Rules profiles: per kind, what opens a flag, what closes it and how severe it is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import IntEnum

from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import MINUTE, SECOND, Millis


class Severity(IntEnum):
    """How soon a person should look."""

    NOTICE = 1
    SERIOUS = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class FlagRule:
    """How one kind of finding becomes a flag.

    A flag opens when `hits` of the last `window` observations of one view show the kind, and
    closes after `clear` observations in a row without it. An open flag that lasts longer than
    `escalates_after` is one step more severe.
    """

    hits: int
    window: int
    clear: int
    severity: Severity
    escalates_after: Millis = MINUTE

    @property
    def escalated(self) -> Severity:
        """The severity of a flag that has lasted longer than `escalates_after`."""
        return Severity(min(self.severity + 1, Severity.CRITICAL))


@dataclass(frozen=True, slots=True)
class MonitoringProfile:
    """A named set of rules; kinds that it does not name raise no flag.

    `missing_after` is how long nothing may arrive of what was planned before `no_snapshot` opens.
    """

    name: str
    rules: dict[FindingKind, FlagRule]
    missing_after: Millis = 20 * SECOND
    match_threshold: float = 0.37
    """The cosine similarity from which the machine takes two faces for one person's.
    Source: the operating point measured for the face model on labelled pairs."""


STANDARD = MonitoringProfile(
    "standard",
    {
        # Two pictures in a row are 10 s at most: long enough not to be a bad frame.
        FindingKind.ABSENT: FlagRule(2, 3, 2, Severity.SERIOUS, escalates_after=30 * SECOND),
        FindingKind.EXTRA_PERSON: FlagRule(2, 3, 2, Severity.CRITICAL),
        # A face in profile or shadow is not a stranger's: ask for more agreement.
        FindingKind.IDENTITY_MISMATCH: FlagRule(3, 4, 2, Severity.CRITICAL),
        # A thing held low is seen in some pictures only.
        FindingKind.PHONE: FlagRule(2, 4, 3, Severity.SERIOUS),
        FindingKind.BOOK: FlagRule(2, 4, 3, Severity.SERIOUS),
        # A drink, a scratch of the nose and a glance aside take one picture, or two.
        FindingKind.FACE_OCCLUDED: FlagRule(3, 4, 2, Severity.NOTICE, escalates_after=30 * SECOND),
        FindingKind.LOOKING_AWAY: FlagRule(3, 4, 2, Severity.NOTICE, escalates_after=30 * SECOND),
        # A screen stands where it stands: a single picture of it is a doubt of the detector.
        FindingKind.OTHER_SCREEN: FlagRule(3, 4, 2, Severity.NOTICE),
        # Weak signals, told as weak: nearly all of many pictures must agree, and no hurry.
        FindingKind.HANDS_OUT_OF_SIGHT: FlagRule(
            8, 10, 3, Severity.NOTICE, escalates_after=10 * MINUTE
        ),
        FindingKind.SPOOF: FlagRule(6, 8, 3, Severity.NOTICE, escalates_after=30 * MINUTE),
        # It is found only once nothing has stirred for minutes.
        FindingKind.FROZEN: FlagRule(3, 4, 2, Severity.NOTICE, escalates_after=5 * MINUTE),
        FindingKind.CAMERA_COVERED: FlagRule(
            2, 3, 2, Severity.SERIOUS, escalates_after=30 * SECOND
        ),
        # The candidate is asked to mend these first: they count once that has had its time.
        FindingKind.CAMERA_MOVED: FlagRule(4, 6, 3, Severity.NOTICE, escalates_after=2 * MINUTE),
        FindingKind.TOO_DARK: FlagRule(6, 8, 3, Severity.NOTICE, escalates_after=5 * MINUTE),
        FindingKind.TOO_BLURRED: FlagRule(6, 8, 3, Severity.NOTICE, escalates_after=5 * MINUTE),
        FindingKind.VOICE: FlagRule(2, 3, 2, Severity.NOTICE),
        FindingKind.NO_SNAPSHOT: FlagRule(1, 1, 1, Severity.SERIOUS, escalates_after=2 * MINUTE),
    },
)

LENIENT = MonitoringProfile(
    "lenient",
    {
        **STANDARD.rules,
        FindingKind.ABSENT: FlagRule(3, 4, 2, Severity.SERIOUS),
        FindingKind.PHONE: FlagRule(3, 5, 3, Severity.SERIOUS),
        FindingKind.BOOK: FlagRule(3, 5, 3, Severity.NOTICE),
        FindingKind.FACE_OCCLUDED: FlagRule(5, 6, 2, Severity.NOTICE),
        FindingKind.LOOKING_AWAY: FlagRule(5, 6, 2, Severity.NOTICE),
        FindingKind.OTHER_SCREEN: FlagRule(5, 6, 2, Severity.NOTICE),
        FindingKind.HANDS_OUT_OF_SIGHT: FlagRule(
            10, 12, 3, Severity.NOTICE, escalates_after=30 * MINUTE
        ),
        FindingKind.SPOOF: FlagRule(8, 10, 3, Severity.NOTICE, escalates_after=60 * MINUTE),
        FindingKind.FROZEN: FlagRule(5, 6, 2, Severity.NOTICE, escalates_after=10 * MINUTE),
        FindingKind.CAMERA_COVERED: FlagRule(3, 4, 2, Severity.SERIOUS),
        FindingKind.CAMERA_MOVED: FlagRule(6, 8, 3, Severity.NOTICE, escalates_after=5 * MINUTE),
        FindingKind.TOO_DARK: FlagRule(8, 10, 3, Severity.NOTICE, escalates_after=10 * MINUTE),
        FindingKind.TOO_BLURRED: FlagRule(8, 10, 3, Severity.NOTICE, escalates_after=10 * MINUTE),
        FindingKind.VOICE: FlagRule(3, 4, 2, Severity.NOTICE),
    },
    missing_after=40 * SECOND,
)

STRICT = MonitoringProfile(
    "strict",
    {
        **STANDARD.rules,
        FindingKind.ABSENT: FlagRule(2, 3, 2, Severity.CRITICAL),
        FindingKind.PHONE: FlagRule(1, 1, 3, Severity.SERIOUS, escalates_after=10 * SECOND),
        FindingKind.BOOK: FlagRule(1, 1, 3, Severity.SERIOUS),
        FindingKind.FACE_OCCLUDED: FlagRule(2, 3, 2, Severity.SERIOUS),
        FindingKind.LOOKING_AWAY: FlagRule(2, 3, 2, Severity.SERIOUS),
        FindingKind.OTHER_SCREEN: FlagRule(2, 3, 2, Severity.SERIOUS),
        FindingKind.HANDS_OUT_OF_SIGHT: FlagRule(
            6, 8, 3, Severity.NOTICE, escalates_after=5 * MINUTE
        ),
        FindingKind.SPOOF: FlagRule(4, 6, 3, Severity.NOTICE, escalates_after=10 * MINUTE),
        FindingKind.FROZEN: FlagRule(2, 3, 2, Severity.SERIOUS),
        FindingKind.CAMERA_COVERED: FlagRule(2, 3, 2, Severity.CRITICAL),
        FindingKind.CAMERA_MOVED: FlagRule(3, 4, 2, Severity.SERIOUS, escalates_after=2 * MINUTE),
        FindingKind.TOO_DARK: FlagRule(4, 6, 3, Severity.NOTICE, escalates_after=2 * MINUTE),
        FindingKind.TOO_BLURRED: FlagRule(4, 6, 3, Severity.NOTICE, escalates_after=2 * MINUTE),
        FindingKind.VOICE: FlagRule(1, 1, 2, Severity.SERIOUS),
    },
    missing_after=10 * SECOND,
)

PROFILES = {one.name: one for one in (LENIENT, STANDARD, STRICT)}


def get_profile(name: str, excused: Collection[FindingKind] = ()) -> MonitoringProfile:
    """Return the profile of that name without the kinds that a candidate is excused from.

    An unknown name is the standard one. Excused are what an accommodation allows: a person who
    may talk to a screen reader raises no `voice`.
    """
    profile = PROFILES.get(name, STANDARD)
    rules = {kind: rule for kind, rule in profile.rules.items() if kind not in excused}
    return replace(profile, rules=rules)
