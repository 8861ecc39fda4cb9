"""Rules profiles: for each finding kind, when a flag opens and closes, and how severe it is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import IntEnum

from chalicelib.domain.rules.findings import SPOKEN_KINDS, FindingKind
from chalicelib.domain.types import MINUTE, SECOND, Millis


class Severity(IntEnum):
    """How urgently a proctor should look at a flag."""

    NOTICE = 1
    SERIOUS = 2
    CRITICAL = 3


MISSING_AFTER: Millis = 20 * SECOND
"""How long nothing usable may arrive, unless a profile says otherwise."""


@dataclass(frozen=True, slots=True)
class FlagRule:
    """When findings of one kind become a flag.

    A flag opens when `hits` of the last `window` observations of a view show the kind, and closes
    after `clear` consecutive observations without it. A flag that stays open for longer than
    `escalates_after` becomes one level more severe. For captures that did not arrive, the
    observations are the planned moments, and those without a usable capture show the kind; only
    `no_snapshot` counts time instead: `missing_after` is how long nothing usable may arrive.
    """

    hits: int
    window: int
    clear: int
    severity: Severity
    escalates_after: Millis = MINUTE
    missing_after: Millis = MISSING_AFTER

    @property
    def escalated(self) -> Severity:
        """The severity of a flag that has been open for longer than `escalates_after`."""
        return Severity(min(self.severity + 1, Severity.CRITICAL))


@dataclass(frozen=True, slots=True)
class MonitoringProfile:
    """A named set of rules; kinds without a rule raise no flag."""

    name: str
    rules: dict[FindingKind, FlagRule]
    match_threshold: float = 0.37
    """The cosine similarity from which two faces count as the same person's.
    Source: the operating point measured for the face model on labelled pairs."""

    @property
    def missing_after(self) -> Millis:
        """How long nothing usable may arrive of a view before `no_snapshot` opens."""
        rule = self.rules.get(FindingKind.NO_SNAPSHOT)
        return rule.missing_after if rule else MISSING_AFTER


REPORTED_RULES = {
    # Only the severity counts: these are told at once, by devices and acts.
    FindingKind.CAPTURE_REPLACED: FlagRule(1, 1, 1, Severity.CRITICAL),
    FindingKind.CONSENT_WITHDRAWN: FlagRule(1, 1, 1, Severity.CRITICAL),
    FindingKind.VIRTUAL_CAMERA: FlagRule(1, 1, 1, Severity.CRITICAL),
    FindingKind.SHARED_PHONE: FlagRule(1, 1, 1, Severity.CRITICAL),
    FindingKind.SAME_DEVICE: FlagRule(1, 1, 1, Severity.SERIOUS),
    FindingKind.HEADSET: FlagRule(1, 1, 1, Severity.SERIOUS),
    FindingKind.SCREEN_NOT_SHARED: FlagRule(1, 1, 1, Severity.SERIOUS),
    FindingKind.POWER_UNPLUGGED: FlagRule(1, 1, 1, Severity.NOTICE),
}

STANDARD = MonitoringProfile(
    "standard",
    {
        # Two consecutive pictures span at most 10 s: long enough to rule out a bad frame.
        FindingKind.ABSENT: FlagRule(2, 3, 2, Severity.SERIOUS, escalates_after=30 * SECOND),
        FindingKind.EXTRA_PERSON: FlagRule(2, 3, 2, Severity.CRITICAL),
        # A face in profile or shadow may look like a stranger's: require more agreement.
        FindingKind.IDENTITY_MISMATCH: FlagRule(3, 4, 2, Severity.CRITICAL),
        # An object held low is visible in some pictures only.
        FindingKind.PHONE: FlagRule(2, 4, 3, Severity.SERIOUS),
        # Found in one of seventy pictures without a phone, so more of them must agree.
        FindingKind.POSSIBLE_PHONE: FlagRule(3, 5, 3, Severity.NOTICE),
        FindingKind.BOOK: FlagRule(2, 4, 3, Severity.SERIOUS),
        # Told once: in the pictures right after it was learned, and never again.
        FindingKind.STANDING_THING: FlagRule(2, 3, 2, Severity.NOTICE),
        # Drinking, scratching the nose or a glance aside takes one picture, or two.
        FindingKind.FACE_OCCLUDED: FlagRule(3, 4, 2, Severity.NOTICE, escalates_after=30 * SECOND),
        FindingKind.LOOKING_AWAY: FlagRule(3, 4, 2, Severity.NOTICE, escalates_after=30 * SECOND),
        # People also look down to write and to think: only most of 40 s is told, and calmly.
        FindingKind.LOOKING_DOWN: FlagRule(6, 8, 3, Severity.NOTICE, escalates_after=5 * MINUTE),
        # A screen does not move: one picture of it alone is a detector error.
        FindingKind.OTHER_SCREEN: FlagRule(3, 4, 2, Severity.NOTICE),
        # Weak signals, reported as such: nearly all of many pictures must agree.
        FindingKind.HANDS_OUT_OF_SIGHT: FlagRule(
            8, 10, 3, Severity.NOTICE, escalates_after=10 * MINUTE
        ),
        FindingKind.SPOOF: FlagRule(6, 8, 3, Severity.NOTICE, escalates_after=30 * MINUTE),
        # Found only after minutes without any movement.
        FindingKind.FROZEN: FlagRule(3, 4, 2, Severity.NOTICE, escalates_after=5 * MINUTE),
        FindingKind.CAMERA_COVERED: FlagRule(
            2, 3, 2, Severity.SERIOUS, escalates_after=30 * SECOND
        ),
        # The candidate is first asked to correct these: flags open only after time to do so.
        FindingKind.CAMERA_MOVED: FlagRule(4, 6, 3, Severity.NOTICE, escalates_after=2 * MINUTE),
        FindingKind.TOO_DARK: FlagRule(6, 8, 3, Severity.NOTICE, escalates_after=5 * MINUTE),
        FindingKind.TOO_BLURRED: FlagRule(6, 8, 3, Severity.NOTICE, escalates_after=5 * MINUTE),
        FindingKind.HALF_OUT_OF_FRAME: FlagRule(
            6, 8, 3, Severity.NOTICE, escalates_after=5 * MINUTE
        ),
        FindingKind.VOICE: FlagRule(2, 3, 2, Severity.NOTICE),
        # Weak: a cold, a laugh or a noisy fan changes a voice too.
        FindingKind.SECOND_VOICE: FlagRule(2, 3, 2, Severity.NOTICE),
        # The candidate is asked to unmute first; a noise gate alone makes such clips in a quiet room.
        FindingKind.MUTED: FlagRule(3, 4, 2, Severity.NOTICE, escalates_after=5 * MINUTE),
        FindingKind.NO_SNAPSHOT: FlagRule(1, 1, 1, Severity.SERIOUS, escalates_after=2 * MINUTE),
        # No camera gives the same bytes twice; once may be a driver that hung for a moment.
        FindingKind.REPEATED_PICTURE: FlagRule(2, 3, 6, Severity.SERIOUS),
        FindingKind.REPEATED_SOUND: FlagRule(1, 1, 4, Severity.SERIOUS),
        FindingKind.SAME_VIEW: FlagRule(2, 3, 3, Severity.SERIOUS),
        **REPORTED_RULES,
        # Each upload is tried twice: a line that loses 30 % of all calls loses 9 % of the captures.
        FindingKind.CAPTURES_MISSING: FlagRule(
            8, 12, 6, Severity.SERIOUS, escalates_after=5 * MINUTE
        ),
        FindingKind.NO_SOUND: FlagRule(5, 6, 3, Severity.NOTICE, escalates_after=5 * MINUTE),
    },
)

LENIENT = MonitoringProfile(
    "lenient",
    {
        **STANDARD.rules,
        FindingKind.ABSENT: FlagRule(3, 4, 2, Severity.SERIOUS),
        FindingKind.PHONE: FlagRule(3, 5, 3, Severity.SERIOUS),
        FindingKind.POSSIBLE_PHONE: FlagRule(4, 6, 3, Severity.NOTICE),
        FindingKind.BOOK: FlagRule(3, 5, 3, Severity.NOTICE),
        FindingKind.FACE_OCCLUDED: FlagRule(5, 6, 2, Severity.NOTICE),
        FindingKind.LOOKING_AWAY: FlagRule(5, 6, 2, Severity.NOTICE),
        FindingKind.LOOKING_DOWN: FlagRule(10, 12, 3, Severity.NOTICE, escalates_after=10 * MINUTE),
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
        FindingKind.HALF_OUT_OF_FRAME: FlagRule(
            8, 10, 3, Severity.NOTICE, escalates_after=10 * MINUTE
        ),
        FindingKind.VOICE: FlagRule(3, 4, 2, Severity.NOTICE),
        FindingKind.SECOND_VOICE: FlagRule(3, 4, 2, Severity.NOTICE),
        FindingKind.REPEATED_PICTURE: FlagRule(3, 4, 6, Severity.SERIOUS),
        FindingKind.REPEATED_SOUND: FlagRule(2, 3, 4, Severity.SERIOUS),
        FindingKind.SAME_VIEW: FlagRule(3, 4, 3, Severity.SERIOUS),
        FindingKind.MUTED: FlagRule(5, 6, 3, Severity.NOTICE, escalates_after=10 * MINUTE),
        FindingKind.NO_SNAPSHOT: FlagRule(
            1, 1, 1, Severity.SERIOUS, escalates_after=2 * MINUTE, missing_after=40 * SECOND
        ),
        FindingKind.CAPTURES_MISSING: FlagRule(
            10, 12, 6, Severity.NOTICE, escalates_after=5 * MINUTE
        ),
        FindingKind.NO_SOUND: FlagRule(6, 8, 4, Severity.NOTICE, escalates_after=10 * MINUTE),
    },
)

STRICT = MonitoringProfile(
    "strict",
    {
        **STANDARD.rules,
        FindingKind.ABSENT: FlagRule(2, 3, 2, Severity.CRITICAL),
        # One picture in a hundred errs: never a serious flag by itself, not even here.
        FindingKind.PHONE: FlagRule(2, 4, 3, Severity.SERIOUS, escalates_after=10 * SECOND),
        FindingKind.BOOK: FlagRule(2, 4, 3, Severity.SERIOUS),
        FindingKind.FACE_OCCLUDED: FlagRule(2, 3, 2, Severity.SERIOUS),
        FindingKind.LOOKING_AWAY: FlagRule(2, 3, 2, Severity.SERIOUS),
        FindingKind.LOOKING_DOWN: FlagRule(4, 6, 3, Severity.NOTICE, escalates_after=2 * MINUTE),
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
        FindingKind.HALF_OUT_OF_FRAME: FlagRule(
            4, 6, 3, Severity.NOTICE, escalates_after=2 * MINUTE
        ),
        FindingKind.VOICE: FlagRule(1, 1, 2, Severity.SERIOUS),
        FindingKind.REPEATED_PICTURE: FlagRule(1, 1, 6, Severity.SERIOUS),
        FindingKind.REPEATED_SOUND: FlagRule(1, 1, 4, Severity.CRITICAL),
        FindingKind.MUTED: FlagRule(2, 3, 2, Severity.SERIOUS, escalates_after=2 * MINUTE),
        FindingKind.NO_SNAPSHOT: FlagRule(
            1, 1, 1, Severity.SERIOUS, escalates_after=2 * MINUTE, missing_after=10 * SECOND
        ),
        FindingKind.CAPTURES_MISSING: FlagRule(
            6, 12, 8, Severity.SERIOUS, escalates_after=2 * MINUTE
        ),
        FindingKind.NO_SOUND: FlagRule(3, 4, 2, Severity.SERIOUS, escalates_after=2 * MINUTE),
    },
)

PROFILES = {profile.name: profile for profile in (LENIENT, STANDARD, STRICT)}


def get_profile(name: str, excused: Collection[FindingKind] = ()) -> MonitoringProfile:
    """Return the profile of this name, without the kinds that a candidate is excused from.

    An unknown name returns the standard profile. An accommodation excuses kinds: a candidate who
    may speak to a screen reader raises no `voice` flag, and one of an assistant's voice neither.
    """
    profile = PROFILES.get(name, STANDARD)
    left_out = {*excused, *(SPOKEN_KINDS if FindingKind.VOICE in excused else ())}
    rules = {kind: rule for kind, rule in profile.rules.items() if kind not in left_out}
    return replace(profile, rules=rules)
