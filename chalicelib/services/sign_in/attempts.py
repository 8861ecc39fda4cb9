"""Throttling of sign-in attempts.

Every kind of sign-in does the same: read the failed attempts of its keys, refuse while a key has
to wait, verify the credentials, and then either count a failure or reset the attempts on condition
that their count is still the one that was read. Of many concurrent attempts, therefore, no more
are answered than the policy allows: the others find that the count has grown.
"""

from collections.abc import Callable, Iterable, Mapping

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


def require_not_throttled(
    keys: Iterable[ThrottleKey], attempts: AttemptsByKey, now: Millis
) -> None:
    """Raise TooManyAttempts where one of the keys still has to wait."""
    require_no_wait(max(remaining_wait(attempts[key.name], key.policy, now) for key in keys))


def record_failure(
    context: AppContext,
    keys: Iterable[ThrottleKey],
    attempts: AttemptsByKey,
    now: Millis,
    make_error: Callable[[], NotSignedIn],
) -> NotSignedIn:
    """Count a failure for each key and return the error to raise. Raises TooManyAttempts.

    A concurrent attempt that would have had to wait after the others gets TooManyAttempts: the
    response does not reveal whether its credentials were valid.
    """
    waits = [_wait_after_concurrent(context.sessions, key, attempts[key.name], now) for key in keys]
    require_no_wait(max(waits))
    return make_error()


def _wait_after_concurrent(
    sessions: SessionStore, key: ThrottleKey, read: FailedAttempts, now: Millis
) -> Millis:
    """Count a failure; return the wait for those that were counted since the attempts were read."""
    before = sessions.count_failure(key, now).failures - 1
    if before in {read.failures, 0}:
        return 0
    return remaining_wait(FailedAttempts(key.name, before, now), key.policy, now)
