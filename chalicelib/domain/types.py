"""The small vocabulary that every part shares: kinds, roles, views and the text in two languages."""

from dataclasses import dataclass
from enum import StrEnum

type Millis = int
"""A moment or a span in whole milliseconds; moments count from 1970-01-01 UTC."""

SECOND: Millis = 1_000
MINUTE: Millis = 60 * SECOND


class SittingKind(StrEnum):
    """Which of a Subject's two windows a Session belongs to: 调试 or 正式."""

    TRIAL = "trial"
    OFFICIAL = "official"


class View(StrEnum):
    """A camera's place: 第一视角 the computer's, 第二视角 the phone's."""

    FIRST = "first"
    SECOND = "second"


class Medium(StrEnum):
    """What a capture holds."""

    PICTURE = "picture"
    SOUND = "sound"


class Role(StrEnum):
    """Who is calling. A phone is a candidate's second device with rights of its own."""

    CANDIDATE = "candidate"
    PHONE = "phone"
    PROCTOR = "proctor"
    ADMIN = "admin"
    SUPPORT = "support"


STAFF_ROLES = frozenset({Role.PROCTOR, Role.ADMIN, Role.SUPPORT})


class Requirement(StrEnum):
    """Whether a subject asks for the second view."""

    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A text in the two languages that every page speaks."""

    zh: str
    en: str

    def for_language(self, language: str) -> str:
        """Return the English text for languages that begin with «en», otherwise the Chinese."""
        return self.en if language.startswith("en") else self.zh
