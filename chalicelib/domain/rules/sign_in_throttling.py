"""How often one may try to sign in: growing waits after failures, by number and by address.

A Door is what somebody knocks at: one number of one exam, one staff name, or one address of the
network. Whether there is anybody behind it makes no difference to anything here.
"""

import hashlib
import ipaddress
from dataclasses import dataclass

from chalicelib.domain.errors import TooMany
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis


@dataclass(frozen=True, slots=True)
class BackoffPolicy:
    """`free` failures cost nothing; each further one makes the wait twice as long, from `first`
    up to `longest`. All are forgotten when none has come for `forget`."""

    free: int
    first: Millis
    longest: Millis
    forget: Millis


PER_NUMBER = BackoffPolicy(free=5, first=5 * SECOND, longest=5 * MINUTE, forget=30 * MINUTE)
PER_ADDRESS = BackoffPolicy(free=200, first=SECOND, longest=MINUTE, forget=15 * MINUTE)
"""A school's candidates share one address, and some mistype: only what no school does is slowed."""


@dataclass(frozen=True, slots=True)
class ThrottleKey:
    """Where somebody knocks, by a name that tells nothing, and the limit that holds there."""

    name: str
    policy: BackoffPolicy


@dataclass(frozen=True, slots=True)
class FailedAttempts:
    """How often in a row somebody failed at a door, and when last."""

    key_name: str
    failures: int = 0
    last_at: Millis = 0


class TooManyAttempts(TooMany):
    """Tried too often: the text says how long to wait. Right or wrong, nothing is looked at."""

    code = "too_many_tries"


def key_for_number(kind: str, *parts: str) -> ThrottleKey:
    """Return the door of one number or name; `kind` keeps different ways in apart."""
    return ThrottleKey(_named(kind, *parts), PER_NUMBER)


def key_for_address(address: str) -> ThrottleKey:
    """Return the door of an address; of IPv6, a household's whole network is one."""
    return ThrottleKey(_named("address", _network(address)), PER_ADDRESS)


def _named(*parts: str) -> str:
    # Numbers are personal: the table holds a digest, which is gone soon.
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))


def remaining_wait(attempts: FailedAttempts, limit: BackoffPolicy, now: Millis) -> Millis:
    """Return how long one still has to wait at a door; 0 where one may try."""
    over = attempts.failures - limit.free
    if over < 0 or now - attempts.last_at >= limit.forget:
        return 0
    span: Millis = min(limit.first << min(over, 20), limit.longest)
    return max(attempts.last_at + span - now, 0)


def require_no_wait(wait: Millis) -> None:
    """Raise TooManyTries, saying how long, where there is a wait."""
    if wait > 0:
        raise TooManyAttempts(_wait_text(wait))


def _wait_text(wait: Millis) -> LocalizedText:
    seconds = -(-wait // SECOND)
    if seconds <= 90:
        return LocalizedText(
            f"尝试次数过多，请在 {seconds} 秒后再试。",
            f"Too many tries. Please try again in {seconds} seconds.",
        )
    minutes = -(-seconds // 60)
    return LocalizedText(
        f"尝试次数过多，请在 {minutes} 分钟后再试。",
        f"Too many tries. Please try again in {minutes} minutes.",
    )
