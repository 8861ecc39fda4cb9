"""Danmaku warnings (弹幕警告): what a proctor writes over a candidate's page, and its receipt."""

from dataclasses import dataclass, replace

from chalicelib.domain.types import LocalizedText, Millis

MAX_WARNING_LENGTH = 200
"""Characters: it is read while it flies past."""


@dataclass(frozen=True, slots=True)
class DanmakuWarning:
    """One warning to one session; the same `warning_id` stands in each session it went to."""

    session_id: str
    room_id: str
    warning_id: str
    version: int
    text: LocalizedText
    sender: str
    """The staff member's user name."""
    sender_name: str
    to_room: bool
    """Whether it was announced to the whole room."""
    sent_at: Millis
    shown_at: Millis | None = None
    acknowledged_at: Millis | None = None


def mark_seen(warning: DanmakuWarning, now: Millis, *, acknowledged: bool) -> DanmakuWarning | None:
    """Return the warning as shown, or as acknowledged; None where that is known already."""
    if warning.acknowledged_at is not None or (warning.shown_at is not None and not acknowledged):
        return None
    return replace(
        warning,
        version=warning.version + 1,
        shown_at=warning.shown_at or now,
        acknowledged_at=now if acknowledged else None,
    )
