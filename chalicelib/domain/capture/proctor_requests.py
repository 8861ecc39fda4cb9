"""What a proctor may ask of a candidate: to show the face again, or to show the room.

    (none) ── asked ──► open ── begun by the candidate ──► its pictures are taken ──► done

An ask that nobody begins is over after a while. While the room is shown the seat looks empty:
nothing seen then opens a flag.
"""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.capture.captures import LEAD, Capture, capture_id_of
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, View


class AskKind(StrEnum):
    """What is asked for."""

    FACE = "face"
    ROOM = "room"


OPEN: Millis = 10 * MINUTE
"""An ask that was not begun for so long is over."""
PICTURES: dict[AskKind, int] = {AskKind.FACE: 3, AskKind.ROOM: 10}
STEP: dict[AskKind, Millis] = {AskKind.FACE: SECOND, AskKind.ROOM: 3 * SECOND}
SETTLING: Millis = 10 * SECOND
"""After the room was shown the camera has so long to find its place again."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something asked for: by whom, when, and when the candidate began to do it."""

    kind: AskKind
    by: str
    at: Millis
    begun_at: Millis | None = None


def is_open(ask: Ask | None, now: Millis) -> bool:
    """Tell whether an ask still waits for the candidate to begin."""
    return ask is not None and ask.begun_at is None and now < ask.at + OPEN


def length_of(kind: AskKind) -> Millis:
    """Return how long it takes from its beginning to the last picture."""
    return LEAD + PICTURES[kind] * STEP[kind]


def shows_room(ask: Ask | None, moment: Millis) -> bool:
    """Tell whether a moment falls into the showing of the room."""
    if ask is None or ask.kind is not AskKind.ROOM or ask.begun_at is None:
        return False
    return ask.begun_at <= moment <= ask.begun_at + length_of(ask.kind) + SETTLING


def captures_of(ask: Ask, begun_at: Millis, tails: list[str]) -> tuple[Capture, ...]:
    """Return the pictures that show what was asked for, at known moments; a tail for each."""
    moments = (begun_at + LEAD + number * STEP[ask.kind] for number in range(PICTURES[ask.kind]))
    return tuple(
        Capture(capture_id_of(at, tail), View.FIRST, Medium.PICTURE, at)
        for at, tail in zip(moments, tails, strict=True)
    )
