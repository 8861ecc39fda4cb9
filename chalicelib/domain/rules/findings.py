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
    BOOK = "book"
    FACE_OCCLUDED = "face_occluded"
    LOOKING_AWAY = "looking_away"
    OTHER_SCREEN = "other_screen"
    HANDS_OUT_OF_SIGHT = "hands_out_of_sight"
    SPOOF = "spoof"
    FROZEN = "frozen"
    CAMERA_COVERED = "camera_covered"
    CAMERA_MOVED = "camera_moved"
    TOO_DARK = "too_dark"
    TOO_BLURRED = "too_blurred"
    VOICE = "voice"
    NO_SNAPSHOT = "no_snapshot"
    LEFT_PAGE = "left_page"
    DEVICE_CHANGED = "device_changed"
    ORIGIN_CHANGED = "origin_changed"


SELF_CORRECTABLE = frozenset(
    {
        FindingKind.CAMERA_COVERED,
        FindingKind.CAMERA_MOVED,
        FindingKind.TOO_DARK,
        FindingKind.TOO_BLURRED,
    }
)
"""Problems that the candidate is asked to correct, long before a flag opens."""


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

    `captured_at` is the planned time, chosen by the server; the device's clock is not used.
    `error` is a reason code; an observation with an error never opens or extends a flag.
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
