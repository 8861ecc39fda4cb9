"""Value types that every package shares: times, sitting kinds, views, roles, localized texts."""

from dataclasses import dataclass
from enum import StrEnum

type Millis = int
"""A point in time or a duration, in whole milliseconds; times count from 1970-01-01 UTC."""

SECOND: Millis = 1_000
MINUTE: Millis = 60 * SECOND
DAY: Millis = 24 * 60 * MINUTE


class SittingKind(StrEnum):
    """Which of a subject's two sittings a session belongs to: practice (调试) or official (正式)."""

    TRIAL = "trial"
    OFFICIAL = "official"


class View(StrEnum):
    """Which camera: `first` the computer's (第一视角), `second` the phone's (第二视角)."""

    FIRST = "first"
    SECOND = "second"


class Medium(StrEnum):
    """What a capture contains."""

    PICTURE = "picture"
    SOUND = "sound"  # a clip that was planned for its moment
    RECORDED_SOUND = "recorded_sound"  # that of a segment of a recording


class Role(StrEnum):
    """The caller's role. A candidate's phone is a second device with permissions of its own."""

    CANDIDATE = "candidate"
    PHONE = "phone"
    PROCTOR = "proctor"
    ADMIN = "admin"
    SUPPORT = "support"


STAFF_ROLES = frozenset({Role.PROCTOR, Role.ADMIN, Role.SUPPORT})


class Requirement(StrEnum):
    """Whether a subject requires the second view."""

    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A text in the two languages of the product."""

    zh: str
    en: str

    def for_language(self, language: str) -> str:
        """Return the English text for language tags that begin with «en», otherwise the Chinese."""
        return self.en if language.startswith("en") else self.zh
