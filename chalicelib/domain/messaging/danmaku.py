"""Danmaku warnings (弹幕警告): text that crosses a candidate's page, with a read receipt."""

from dataclasses import dataclass, replace

from chalicelib.domain.types import LocalizedText, Millis

MAX_WARNING_LENGTH = 200
"""In characters: it has to be read while it crosses the page."""


@dataclass(frozen=True, slots=True)
class DanmakuWarning:
    """A warning to one session; a warning to a room has the same `warning_id` in each session."""

    session_id: str
    room_id: str
    warning_id: str
    version: int
    text: LocalizedText
    sender: str
    """The staff member's user name."""
    sender_name: str
    to_room: bool
    """Whether it was sent to the whole room."""
    sent_at: Millis
    shown_at: Millis | None = None
    acknowledged_at: Millis | None = None


def mark_seen(warning: DanmakuWarning, now: Millis, *, acknowledged: bool) -> DanmakuWarning | None:
    """Record that a warning was shown or acknowledged; return None if that changes nothing."""
    if warning.acknowledged_at is not None or (warning.shown_at is not None and not acknowledged):
        return None
    return replace(
        warning,
        version=warning.version + 1,
        shown_at=warning.shown_at or now,
        acknowledged_at=now if acknowledged else None,
    )
