"""Outages: how much time is credited for a lost connection, as measured by the server.

A connected device requests a capture plan every minute and sends pictures in between. A device that
is silent for longer and then returns had an outage: its network, its power or a crash. This cannot
be distinguished from a cable unplugged on purpose, so the credit is bounded, audited and shown to
the proctor, and a device that kept saving answers had no outage.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.types import MINUTE, SECOND, Millis

RECONNECT_GRACE: Millis = MINUTE
"""Answers saved this recently may come from the device's reconnection: they end no outage."""


@dataclass(frozen=True, slots=True)
class OutageRule:
    """How much outage time a subject credits.

    Silence shorter than `min_outage` is no outage. The total credit is at most `max_credit` (0
    credits nothing), and does not extend beyond the window unless `beyond_window` is set.
    """

    min_outage: Millis = 90 * SECOND
    max_credit: Millis = 10 * MINUTE
    beyond_window: bool = False


@dataclass(frozen=True, slots=True)
class Outage:
    """A lost connection as the server measured it, and the time credited for it."""

    began_at: Millis
    ended_at: Millis
    credit: Millis


def last_seen(contact_at: Millis, answer_times: Iterable[Millis], now: Millis) -> Millis:
    """Return when a device was last connected, by its last contact and the times of saved answers."""
    return max([contact_at, *(at for at in answer_times if at <= now - RECONNECT_GRACE)])


def credit_for(rule: OutageRule, span: Millis, previous_credit: Millis) -> Millis:
    """Return the credit for an outage of `span`, given the credit of previous outages."""
    return max(min(span, rule.max_credit - previous_credit), 0) if span >= rule.min_outage else 0
