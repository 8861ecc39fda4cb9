"""Sign-in throttling: growing waits after failed attempts, by number and by network address.

A throttle key stands for one number in one exam, one staff user name, or one network address.
Whether such an account exists makes no difference, so throttling does not reveal it.
"""

import hashlib
import ipaddress
from dataclasses import dataclass

from chalicelib.domain.errors import TooMany
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis


@dataclass(frozen=True, slots=True)
class BackoffPolicy:
    """How waits grow: after `free_attempts` failures, each further one doubles the wait, from
    `first_wait` up to `max_wait`. Failures expire when none has followed for `forget_after`."""

    free_attempts: int
    first_wait: Millis
    max_wait: Millis
    forget_after: Millis


PER_NUMBER = BackoffPolicy(
    free_attempts=5, first_wait=5 * SECOND, max_wait=5 * MINUTE, forget_after=30 * MINUTE
)
PER_ADDRESS = BackoffPolicy(
    free_attempts=200, first_wait=SECOND, max_wait=MINUTE, forget_after=15 * MINUTE
)
"""Candidates of a school share one address, and some mistype: only more than that is slowed."""


@dataclass(frozen=True, slots=True)
class ThrottleKey:
    """What attempts are counted by: a digest that reveals nothing, and its backoff policy."""

    name: str
    policy: BackoffPolicy


@dataclass(frozen=True, slots=True)
class FailedAttempts:
    """The consecutive failures under one throttle key, and the time of the last."""

    key_name: str
    failures: int = 0
    last_at: Millis = 0


class TooManyAttempts(TooMany):
    """Too many failed attempts. The credentials are not checked; the text says how long to wait."""

    code = "too_many_tries"


def key_for_number(kind: str, *parts: str) -> ThrottleKey:
    """Return the key of a number or user name; `kind` separates the ways to sign in."""
    return ThrottleKey(_digest(kind, *parts), PER_NUMBER)


def key_for_address(address: str) -> ThrottleKey:
    """Return the key of a network address; for IPv6, of its /64 network (one household)."""
    return ThrottleKey(_digest("address", _network(address)), PER_ADDRESS)


def _digest(*parts: str) -> str:
    # Numbers are personal data: only a digest is stored, and it expires soon.
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ipaddress.ip_network((ip, 64), strict=False))


def remaining_wait(attempts: FailedAttempts, policy: BackoffPolicy, now: Millis) -> Millis:
    """Return the remaining wait; 0 if an attempt is allowed."""
    excess = attempts.failures - policy.free_attempts
    if excess < 0 or now - attempts.last_at >= policy.forget_after:
        return 0
    span: Millis = min(policy.first_wait << min(excess, 20), policy.max_wait)
    return max(attempts.last_at + span - now, 0)


def require_no_wait(wait: Millis) -> None:
    """Raise TooManyAttempts, with the duration, if there is a wait."""
    if wait > 0:
        raise TooManyAttempts(_wait_text(wait))


def _wait_text(wait: Millis) -> LocalizedText:
    seconds = -(-wait // SECOND)
    if seconds <= 90:
        return LocalizedText(
            f"尝试次数过多，请在 {seconds} 秒后再试。",
            f"Too many attempts. Try again in {seconds} seconds.",
        )
    minutes = -(-seconds // 60)
    return LocalizedText(
        f"尝试次数过多，请在 {minutes} 分钟后再试。",
        f"Too many attempts. Try again in {minutes} minutes.",
    )
