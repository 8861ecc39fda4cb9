"""Attempts (考试次数): which sitting of a subject is the current one, and how another is allowed.

A sitting has one id, made of candidate, subject and kind. Its first attempt's session has that very
id; every later attempt's is made of it and the attempt's number. A pointer beside the first says
which one is current, so that what was sealed is never written again but to say what followed it.
"""

import hashlib
from dataclasses import dataclass

from chalicelib.domain.types import MINUTE, Millis

REOPEN_SIGN_IN: Millis = 120 * MINUTE
"""How long after its confirmation a reopened sitting may be signed in to, beside its own time."""
MAX_REOPEN_MINUTES = 480


@dataclass(frozen=True, slots=True)
class CurrentAttempt:
    """Which attempt of a sitting is the current one. Version 0 while nothing is written."""

    sitting_id: str
    attempt: int = 1
    version: int = 0

    @property
    def session_id(self) -> str:
        """The id of the current attempt's session."""
        return attempt_id(self.sitting_id, self.attempt)


@dataclass(frozen=True, slots=True)
class ReopenRequest:
    """That an admin wants a sealed official sitting to be sat again; somebody else has to confirm."""

    by: str
    at: Millis
    reason: str
    span: Millis
    """The answering time of the new attempt."""


@dataclass(frozen=True, slots=True)
class Reopening:
    """By whom and why an attempt was allowed beside a sealed one, and what time it has."""

    by: str
    confirmed_by: str
    at: Millis
    reason: str
    span: Millis
    until: Millis
    """Nothing is answered after this."""


def attempt_id(sitting_id: str, attempt: int) -> str:
    """Return the id of the session of an attempt; the first one's is the sitting's."""
    if attempt == 1:
        return sitting_id
    return hashlib.sha256(f"{sitting_id}/{attempt}".encode()).hexdigest()[:24]
