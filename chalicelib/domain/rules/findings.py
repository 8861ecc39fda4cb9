"""Findings: what a capture can show, by the names that models, rules, tables and pages share."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.types import Medium, Millis, View


class FindingKind(StrEnum):
    """A behaviour that an observation can find and a flag can report."""

    ABSENT = "absent"
    EXTRA_PERSON = "extra_person"
    IDENTITY_MISMATCH = "identity_mismatch"
    PHONE = "phone"
    POSSIBLE_PHONE = "possible_phone"
    BOOK = "book"
    FACE_OCCLUDED = "face_occluded"
    LOOKING_AWAY = "looking_away"
    LOOKING_DOWN = "looking_down"
    OTHER_SCREEN = "other_screen"
    HANDS_OUT_OF_SIGHT = "hands_out_of_sight"
    SPOOF = "spoof"
    FROZEN = "frozen"
    CAMERA_COVERED = "camera_covered"
    CAMERA_MOVED = "camera_moved"
    TOO_DARK = "too_dark"
    TOO_BLURRED = "too_blurred"
    HALF_OUT_OF_FRAME = "half_out_of_frame"
    VOICE = "voice"
    SECOND_VOICE = "second_voice"
    MUTED = "muted"
    NO_SNAPSHOT = "no_snapshot"
    CAPTURES_MISSING = "captures_missing"
    NO_SOUND = "no_sound"
    LEFT_PAGE = "left_page"
    DEVICE_CHANGED = "device_changed"
    ORIGIN_CHANGED = "origin_changed"
    REPEATED_PICTURE = "repeated_picture"
    REPEATED_SOUND = "repeated_sound"
    SAME_VIEW = "same_view"
    CAPTURE_REPLACED = "capture_replaced"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    VIRTUAL_CAMERA = "virtual_camera"
    HEADSET = "headset"
    POWER_UNPLUGGED = "power_unplugged"
    SHARED_PHONE = "shared_phone"
    SAME_DEVICE = "same_device"
    STANDING_THING = "standing_thing"
    SCREEN_NOT_SHARED = "screen_not_shared"


SELF_CORRECTABLE = frozenset(
    {
        FindingKind.CAMERA_COVERED,
        FindingKind.CAMERA_MOVED,
        FindingKind.TOO_DARK,
        FindingKind.TOO_BLURRED,
        FindingKind.HALF_OUT_OF_FRAME,
        FindingKind.MUTED,
    }
)
"""Problems that the candidate is asked to correct, long before a flag opens."""


REPORTED_KINDS = frozenset(
    {
        FindingKind.CAPTURE_REPLACED,
        FindingKind.CONSENT_WITHDRAWN,
        FindingKind.VIRTUAL_CAMERA,
        FindingKind.HEADSET,
        FindingKind.POWER_UNPLUGGED,
        FindingKind.SHARED_PHONE,
        FindingKind.SAME_DEVICE,
        FindingKind.SCREEN_NOT_SHARED,
    }
)
"""Told by devices and acts, at once: no capture shows them, and none clears them."""
EVERY_KIND = frozenset(FindingKind)

WEAKER_KINDS = {FindingKind.POSSIBLE_PHONE: FindingKind.PHONE}
"""Weak kinds, each with the kind that it is a weaker sign of.

What shows the stronger kind shows the weak one too. The weak kind is flagged only where the stronger
is, and never at the same time."""

NOTICE_KINDS = frozenset(
    {FindingKind.POSSIBLE_PHONE, FindingKind.STANDING_THING, FindingKind.SECOND_VOICE}
)
"""Always a notice: too weak, or too harmless, for a flag that grows with time."""

ARRIVAL_KINDS = frozenset(
    {FindingKind.NO_SNAPSHOT, FindingKind.CAPTURES_MISSING, FindingKind.NO_SOUND}
)
"""What no capture shows: that captures did not arrive."""

SOUND_KINDS = frozenset(
    {
        FindingKind.VOICE,
        FindingKind.SECOND_VOICE,
        FindingKind.MUTED,
        FindingKind.NO_SOUND,
        FindingKind.REPEATED_SOUND,
    }
)
"""What is told of the stream of sound; everything else is of pictures or of the page."""

SPOKEN_KINDS = frozenset({FindingKind.VOICE, FindingKind.SECOND_VOICE})
"""What recorded sound tells; whether a microphone is mute, or sends at all, the clips tell."""

SOUND_REQUIRING_KINDS = SOUND_KINDS - SPOKEN_KINDS - {FindingKind.REPEATED_SOUND}
"""What asks for sound at all. Whoever may speak, or needs no microphone, is not asked for any."""


PAUSED_KINDS = frozenset(
    {
        FindingKind.ABSENT,
        FindingKind.EXTRA_PERSON,
        FindingKind.IDENTITY_MISMATCH,
        FindingKind.CAMERA_COVERED,
        FindingKind.NO_SNAPSHOT,
        FindingKind.CAPTURES_MISSING,
        FindingKind.REPEATED_PICTURE,
        FindingKind.SAME_VIEW,
    }
)
"""What opens a flag during a pause: who is at the desk, or a watch that is blinded.

The page asks to stay seated. What the candidate looks at, holds or says is not flagged: the paper
is covered, and a proctor may be talking to the candidate."""


@dataclass(frozen=True, slots=True)
class ObservedBox:
    """A detected object: its label, the model's score 0..1, its box in parts 0..1 of the picture."""

    label: str
    score: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A behaviour found in one picture or clip alone, with a score 0..1."""

    kind: FindingKind
    score: float


@dataclass(frozen=True, slots=True)
class Observation:
    """What the models found in one capture, or why it could not be decoded.

    `captured_at` is the planned time, chosen by the server; the device's clock is not used. That of
    a segment's sound is its slot's, and its `capture_id`, `key` and `sha256` are the segment's.
    `error` is a reason code; an observation with an error never opens or extends a flag.
    `etag` and `sha256` are those of the bytes that were looked at. `repeats` is the earlier capture
    with the same bytes, as `session/capture`.
    """

    session_id: str
    capture_id: str
    view: View
    medium: Medium
    captured_at: Millis
    arrived_at: Millis
    key: str
    findings: tuple[Finding, ...] = ()
    boxes: tuple[ObservedBox, ...] = ()
    similarity: float | None = None
    measures: dict[str, float] | None = None
    timings_ms: dict[str, float] | None = None
    models: dict[str, str] | None = None
    error: str | None = None
    etag: str | None = None
    sha256: str | None = None
    repeats: str | None = None
