"""Outages: how much time is credited for a lost connection, as measured by the server.

A connected device requests a capture plan every minute and sends pictures in between. A device that
is silent for longer and then returns had an outage: its network, its power or a crash. This cannot
be distinguished from a cable unplugged on purpose, so the credit is bounded, audited and shown to
the proctor, and a device that kept saving answers had no outage. A device that never sent a picture
was never seen to be connected: there is nothing to credit.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.errors import BadInput
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis

RECONNECT_GRACE: Millis = MINUTE
"""Answers saved this recently may come from the device's reconnection: they end no outage."""


MIN_OUTAGE: Millis = MINUTE
MAX_OUTAGE: Millis = 30 * MINUTE
MAX_CREDIT: Millis = 120 * MINUTE
MAX_PERCENT = 100


@dataclass(frozen=True, slots=True)
class OutageRule:
    """How much outage time a subject credits.

    Silence shorter than `min_outage` is no outage. The total credit is at most `max_credit` (0
    credits nothing) and at most `max_percent` of the answering time, and does not extend beyond the
    window unless `beyond_window` is set.
    """

    min_outage: Millis = 90 * SECOND
    max_credit: Millis = 10 * MINUTE
    beyond_window: bool = False
    max_percent: int = 20

    def __post_init__(self) -> None:
        """Validate the bounds. Raises BadInput."""
        if not MIN_OUTAGE <= self.min_outage <= MAX_OUTAGE:
            raise BadInput(
                LocalizedText(
                    "中断的最短时长应为 1 至 30 分钟。",
                    "An outage must last 1 to 30 minutes at least.",
                )
            )
        if not 0 <= self.max_credit <= MAX_CREDIT:
            raise BadInput(
                LocalizedText(
                    "补时上限应为 0 至 120 分钟。", "The most credit must be 0 to 120 minutes."
                )
            )
        if not 0 <= self.max_percent <= MAX_PERCENT:
            raise BadInput(
                LocalizedText(
                    f"补时占作答时长的比例应为 0 至 {MAX_PERCENT}%。",
                    f"The share of the answering time must be 0 to {MAX_PERCENT}%.",
                )
            )


@dataclass(frozen=True, slots=True)
class Outage:
    """A lost connection as the server measured it, and the time credited for it."""

    began_at: Millis
    ended_at: Millis
    credit: Millis


def last_seen(contact_at: Millis, answer_times: Iterable[Millis], now: Millis) -> Millis:
    """Return when a device was last connected, by its last contact and the times of saved answers."""
    return max([contact_at, *(at for at in answer_times if at <= now - RECONNECT_GRACE)])


def credit_ceiling(rule: OutageRule, duration: Millis) -> Millis:
    """Return the most that may be credited in a session of that answering time."""
    return min(rule.max_credit, duration * rule.max_percent // 100)


def credit_for(rule: OutageRule, span: Millis, previous_credit: Millis, duration: Millis) -> Millis:
    """Return the credit for an outage of `span`, given the credit of previous outages."""
    if span < rule.min_outage:
        return 0
    return max(min(span, credit_ceiling(rule, duration) - previous_credit), 0)
