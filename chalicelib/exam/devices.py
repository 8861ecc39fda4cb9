"""What is known of a candidate's two cameras beside the exam itself: their test shots.

Kept in a record of its own, so that trying a camera never competes with answers or snapshots.
"""

from dataclasses import dataclass, field, replace

from chalicelib.exam.captures import capture_id_of
from chalicelib.exam.errors import TooMany
from chalicelib.exam.framing import HINTS, Framing, Scene, problems_of
from chalicelib.exam.words import MINUTE, SECOND, Millis, Text, View

MOST_SHOTS = 40
"""Test shots of one view within SHOTS_SPAN: a person at a difficult desk needs about ten."""
SHOTS_SPAN: Millis = 60 * MINUTE
SHOTS_APART: Millis = 2 * SECOND


@dataclass(frozen=True, slots=True)
class Shot:
    """The newest test shot of a view; `seen_at` is None until the models have looked at it.

    `number` of shots were asked for since `since`.
    """

    capture_id: str
    key: str
    asked_at: Millis
    since: Millis
    number: int = 1
    seen_at: Millis | None = None
    faces: int = 0
    persons: int = 0
    light: float | None = None
    problems: tuple[Framing, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether the camera stands well, as far as the models can tell."""
        return self.seen_at is not None and not set(self.problems) - HINTS


@dataclass(frozen=True, slots=True)
class Devices:
    """A session's cameras. Version 0 is not written anywhere yet."""

    session_id: str
    room_id: str
    version: int = 0
    shots: dict[View, Shot] = field(default_factory=dict)


def ask_shot(devices: Devices, view: View, now: Millis, tail: str) -> tuple[Devices, Shot]:
    """Begin a test shot of a view. Raises TooMany: it runs the models, and is bounded for it."""
    last = devices.shots.get(view)
    fresh = last is None or now >= last.since + SHOTS_SPAN
    if last is not None and (now < last.asked_at + SHOTS_APART or _used_up(last, fresh=fresh)):
        raise TooMany(Text("试拍过于频繁，请稍后再试。", "Too many test shots. Wait a moment."))
    capture_id = capture_id_of(now, tail)
    shot = Shot(
        capture_id=capture_id,
        key=f"shots/{devices.session_id}/{view}/{capture_id}.jpg",
        asked_at=now,
        since=now if last is None or fresh else last.since,
        number=1 if last is None or fresh else last.number + 1,
    )
    return _with_shot(devices, view, shot), shot


def _used_up(last: Shot, *, fresh: bool) -> bool:
    return not fresh and last.number >= MOST_SHOTS


def shot_seen(
    devices: Devices, view: View, capture_id: str, scene: Scene | None, now: Millis
) -> Devices:
    """Take in what a test shot showed, None where it cannot be read.

    Any but the newest, and one that was seen already, changes nothing.
    """
    shot = devices.shots.get(view)
    if shot is None or shot.capture_id != capture_id or shot.seen_at is not None:
        return devices
    if scene is None:
        return _with_shot(devices, view, replace(shot, seen_at=now, problems=(Framing.UNREADABLE,)))
    seen = replace(
        shot,
        seen_at=now,
        faces=len(scene.faces),
        persons=len(scene.persons),
        light=round(scene.light, 1),
        problems=problems_of(scene, view),
    )
    return _with_shot(devices, view, seen)


def _with_shot(devices: Devices, view: View, shot: Shot) -> Devices:
    return replace(devices, version=devices.version + 1, shots={**devices.shots, view: shot})
