"""What a proctor may ask of a candidate: to show the face again, or to show the room.

    (none) ── asked ──► open ── begun by the candidate ──► its pictures are taken ──► done

An ask that nobody begins is over after a while. While the room is shown the seat looks empty:
nothing seen then opens a flag.
"""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.capture.captures import LEAD_TIME, PlannedCapture, make_capture_id
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, View


class RequestKind(StrEnum):
    """What is asked for."""

    FACE = "face"
    ROOM = "room"


REQUEST_TIMEOUT: Millis = 10 * MINUTE
"""An ask that was not begun for so long is over."""
PICTURE_COUNT: dict[RequestKind, int] = {RequestKind.FACE: 3, RequestKind.ROOM: 10}
PICTURE_INTERVAL: dict[RequestKind, Millis] = {
    RequestKind.FACE: SECOND,
    RequestKind.ROOM: 3 * SECOND,
}
REPOSITION_GRACE: Millis = 10 * SECOND
"""After the room was shown the camera has so long to find its place again."""


@dataclass(frozen=True, slots=True)
class ProctorRequest:
    """Something asked for: by whom, when, and when the candidate began to do it."""

    kind: RequestKind
    requested_by: str
    requested_at: Millis
    started_at: Millis | None = None


def is_pending(request: ProctorRequest | None, now: Millis) -> bool:
    """Tell whether an ask still waits for the candidate to begin."""
    return (
        request is not None
        and request.started_at is None
        and now < request.requested_at + REQUEST_TIMEOUT
    )


def duration_of(kind: RequestKind) -> Millis:
    """Return how long it takes from its beginning to the last picture."""
    return LEAD_TIME + PICTURE_COUNT[kind] * PICTURE_INTERVAL[kind]


def shows_room(request: ProctorRequest | None, moment: Millis) -> bool:
    """Tell whether a moment falls into the showing of the room."""
    if request is None or request.kind is not RequestKind.ROOM or request.started_at is None:
        return False
    return (
        request.started_at
        <= moment
        <= request.started_at + duration_of(request.kind) + REPOSITION_GRACE
    )


def captures_for(
    request: ProctorRequest, begun_at: Millis, tails: list[str]
) -> tuple[PlannedCapture, ...]:
    """Return the pictures that show what was asked for, at known moments; a tail for each."""
    moments = (
        begun_at + LEAD_TIME + number * PICTURE_INTERVAL[request.kind]
        for number in range(PICTURE_COUNT[request.kind])
    )
    return tuple(
        PlannedCapture(make_capture_id(at, tail), View.FIRST, Medium.PICTURE, at)
        for at, tail in zip(moments, tails, strict=True)
    )
