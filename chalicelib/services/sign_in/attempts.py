"""Trying to get in: whoever fails too often waits, and nobody learns what is behind a door.

Every way in is the same: read the doors, refuse while one has to wait, compare, and then either
count a failure or write the success over the count that was read. So of many tries sent at once
no more get an answer than the limit lets through: the others meet a count that has grown.
"""

from collections.abc import Iterable, Mapping

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.rules.sign_in_throttling import (
    FailedAttempts,
    ThrottleKey,
    remaining_wait,
    require_no_wait,
)
from chalicelib.domain.types import Millis
from chalicelib.services.ports import AppContext, SessionStore

type AttemptsByKey = Mapping[str, FailedAttempts]


def require_not_throttled(doors: Iterable[ThrottleKey], known: AttemptsByKey, now: Millis) -> None:
    """Raise TooManyTries where one has to wait at a door."""
    require_no_wait(max(remaining_wait(known[key.name], key.policy, now) for key in doors))


def record_failure(
    context: AppContext,
    doors: Iterable[ThrottleKey],
    known: AttemptsByKey,
    now: Millis,
    refusal: type[NotSignedIn],
) -> NotSignedIn:
    """Count a failure at each door and return the refusal to raise. Raises TooManyTries.

    A try that came beside others, and would have had to wait after them, is told to wait: it
    does not learn whether it was right.
    """
    waits = [_wait_after_concurrent(context.sessions, key, known[key.name], now) for key in doors]
    require_no_wait(max(waits))
    return refusal()


def _wait_after_concurrent(
    sessions: SessionStore, key: ThrottleKey, known: FailedAttempts, now: Millis
) -> Millis:
    before = sessions.count_failure(key, now).failures - 1
    if before in {known.failures, 0}:
        return 0
    return remaining_wait(FailedAttempts(key.name, before, now), key.policy, now)
