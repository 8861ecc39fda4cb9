"""Proctor requests: a proctor asks the candidate to show the face again, or the room.

    (none) ── requested ──► pending ── started by the candidate ──► pictures taken ──► done

A pending request expires. While the room is shown the seat looks empty: observations of that time
open no flags.
"""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.capture.captures import LEAD_TIME, PlannedCapture, make_capture_id
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, View


class RequestKind(StrEnum):
    """What the candidate is asked to show."""

    FACE = "face"
    ROOM = "room"


REQUEST_TIMEOUT: Millis = 10 * MINUTE
"""After this time a request that was not started expires."""
PICTURE_COUNT: dict[RequestKind, int] = {RequestKind.FACE: 3, RequestKind.ROOM: 10}
PICTURE_INTERVAL: dict[RequestKind, Millis] = {
    RequestKind.FACE: SECOND,
    RequestKind.ROOM: 3 * SECOND,
}
REPOSITION_GRACE: Millis = 10 * SECOND
"""Time to put the camera back after showing the room."""


@dataclass(frozen=True, slots=True)
class ProctorRequest:
    """A request: by whom, when, and when the candidate started it."""

    kind: RequestKind
    requested_by: str
    requested_at: Millis
    started_at: Millis | None = None


def is_pending(request: ProctorRequest | None, now: Millis) -> bool:
    """Return whether a request is still waiting for the candidate to start it."""
    return (
        request is not None
        and request.started_at is None
        and now < request.requested_at + REQUEST_TIMEOUT
    )


def duration_of(kind: RequestKind) -> Millis:
    """Return how long it takes from its start to its last picture."""
    return LEAD_TIME + PICTURE_COUNT[kind] * PICTURE_INTERVAL[kind]


def shows_room(request: ProctorRequest | None, moment: Millis) -> bool:
    """Return whether the room was being shown at a moment."""
    if request is None or request.kind is not RequestKind.ROOM or request.started_at is None:
        return False
    return (
        request.started_at
        <= moment
        <= request.started_at + duration_of(request.kind) + REPOSITION_GRACE
    )


def captures_for(
    request: ProctorRequest, started_at: Millis, suffixes: list[str]
) -> tuple[PlannedCapture, ...]:
    """Return the pictures of a request, at fixed intervals; `suffixes` has one for each picture."""
    moments = (
        started_at + LEAD_TIME + number * PICTURE_INTERVAL[request.kind]
        for number in range(PICTURE_COUNT[request.kind])
    )
    return tuple(
        PlannedCapture(make_capture_id(at, suffix), View.FIRST, Medium.PICTURE, at)
        for at, suffix in zip(moments, suffixes, strict=True)
    )
