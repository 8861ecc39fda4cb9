"""Outages: how much time is given back for a silence that the server saw itself.

A device that is there asks for its capture plan every minute and sends pictures in between. One
that was silent for longer, and then came back, was cut off: by its network, its power, a crash.
Nobody else can tell that from a plug pulled on purpose, so the credit is bounded, audited and
shown to the proctor, and a device that went on saving answers was not cut off.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.types import MINUTE, SECOND, Millis

RECONNECT_GRACE: Millis = MINUTE
"""Answers saved this shortly before now may be the first words of a device that is back."""


@dataclass(frozen=True, slots=True)
class OutageRule:
    """What a subject gives back.

    A silence shorter than `least` is none. All credit together is `most` at most, and ends with
    the window unless `beyond_window` says otherwise. `most` of 0 gives nothing back.
    """

    min_outage: Millis = 90 * SECOND
    max_credit: Millis = 10 * MINUTE
    beyond_window: bool = False


@dataclass(frozen=True, slots=True)
class Outage:
    """A silence that the server saw, and what was given back for it."""

    began_at: Millis
    ended_at: Millis
    credit: Millis


def last_seen(heard_at: Millis, answered: Iterable[Millis], now: Millis) -> Millis:
    """Return when a device was last there, by what was heard and when answers were saved."""
    return max([heard_at, *(at for at in answered if at <= now - RECONNECT_GRACE)])


def credit_for(rule: OutageRule, span: Millis, credited: Millis) -> Millis:
    """Return what is given back for a silence, of which nothing or part may have been before."""
    return max(min(span, rule.max_credit - credited), 0) if span >= rule.min_outage else 0
