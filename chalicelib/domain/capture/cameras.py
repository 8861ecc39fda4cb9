"""What is known of a candidate's two cameras: their test shots, and how the phone is.

Kept in a record of its own, so that trying a camera never competes with answers or snapshots.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.capture.captures import capture_id_of
from chalicelib.domain.errors import TooMany
from chalicelib.domain.rules.camera_placement import HINTS, Framing, Scene, problems_of
from chalicelib.domain.types import MINUTE, SECOND, Millis, Text, View

MOST_SHOTS = 40
"""Test shots of one view within SHOTS_SPAN: a person at a difficult desk needs about ten."""
SHOTS_SPAN: Millis = 60 * MINUTE
SHOTS_APART: Millis = 2 * SECOND


REPORT_EVERY: Millis = 15 * SECOND
"""How often the phone says that it is there."""
SILENT_AFTER: Millis = 45 * SECOND
"""Three reports in a row did not come: a lift, a tunnel or a slow line costs one or two."""
GONE_AFTER: Millis = 5 * SECOND
"""From the phone's socket closing until it counts as lost: a page that is loaded anew is back."""
LOW_BATTERY = 0.2
SAME_REPORT_APART: Millis = 3 * SECOND


class Orientation(StrEnum):
    """How the phone is held."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True)
class Report:
    """What the phone says of itself. `battery` is 0..1; browsers that do not tell leave it out.

    `visible` is whether its page is in front: behind another, most phones stop the camera.
    """

    battery: float | None = None
    charging: bool | None = None
    orientation: Orientation | None = None
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone as last heard of; `left_at` is set while its socket is closed."""

    heard_at: Millis
    report: Report = Report()
    left_at: Millis | None = None

    @property
    def battery_low(self) -> bool:
        """Whether it will not last, as far as it tells."""
        battery = self.report.battery
        return battery is not None and battery <= LOW_BATTERY and self.report.charging is not True

    def lost_at(self, pictured_at: Millis = 0) -> Millis:
        """Return from when on it counts as lost, unless it is heard of before.

        `pictured_at` is the moment of its newest picture, which is a sign of life too.
        """
        heard_at = max(self.heard_at, pictured_at)
        silent_at = heard_at + SILENT_AFTER
        if self.left_at is None or self.left_at < heard_at:
            return silent_at
        return min(self.left_at + GONE_AFTER, silent_at)


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
    phone: Phone | None = None


def phone_heard(devices: Devices, report: Report | None, now: Millis) -> Devices:
    """Take in what the phone says of itself, None when it only just joined.

    The same again within moments changes nothing.
    """
    known = devices.phone
    same = known is not None and report == known.report and known.left_at is None
    if known and same and now < known.heard_at + SAME_REPORT_APART:
        return devices
    return _with_phone(devices, Phone(now, report or Report()))


def phone_left(devices: Devices, now: Millis) -> Devices:
    """Note that the phone's socket closed."""
    if devices.phone is None:
        return devices
    return _with_phone(devices, replace(devices.phone, left_at=now))


def _with_phone(devices: Devices, phone: Phone) -> Devices:
    return replace(devices, version=devices.version + 1, phone=phone)


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
