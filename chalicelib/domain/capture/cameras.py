"""What is known of a candidate's two cameras: their test shots, and how the phone is.

Kept in a record of its own, so that trying a camera never competes with answers or snapshots.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.errors import TooMany
from chalicelib.domain.rules.camera_placement import (
    HINTS,
    PlacementProblem,
    PlacementScene,
    problems_of,
)
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis, View

MAX_CAMERA_TESTS = 40
"""Test shots of one view within SHOTS_SPAN: a person at a difficult desk needs about ten."""
CAMERA_TEST_WINDOW: Millis = 60 * MINUTE
CAMERA_TEST_INTERVAL: Millis = 2 * SECOND


HEARTBEAT_INTERVAL: Millis = 15 * SECOND
"""How often the phone says that it is there."""
HEARTBEAT_TIMEOUT: Millis = 45 * SECOND
"""Three reports in a row did not come: a lift, a tunnel or a slow line costs one or two."""
DISCONNECT_GRACE: Millis = 5 * SECOND
"""From the phone's socket closing until it counts as lost: a page that is loaded anew is back."""
LOW_BATTERY = 0.2
UNCHANGED_STATUS_INTERVAL: Millis = 3 * SECOND


class Orientation(StrEnum):
    """How the phone is held."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True)
class PhoneStatus:
    """What the phone says of itself. `battery` is 0..1; browsers that do not tell leave it out.

    `visible` is whether its page is in front: behind another, most phones stop the camera.
    """

    battery: float | None = None
    charging: bool | None = None
    orientation: Orientation | None = None
    visible: bool = True


@dataclass(frozen=True, slots=True)
class SecondViewPhone:
    """The phone as last heard of; `left_at` is set while its socket is closed."""

    last_seen_at: Millis
    status: PhoneStatus = PhoneStatus()
    disconnected_at: Millis | None = None

    @property
    def battery_low(self) -> bool:
        """Whether it will not last, as far as it tells."""
        battery = self.status.battery
        return battery is not None and battery <= LOW_BATTERY and self.status.charging is not True

    def lost_at(self, pictured_at: Millis = 0) -> Millis:
        """Return from when on it counts as lost, unless it is heard of before.

        `pictured_at` is the moment of its newest picture, which is a sign of life too.
        """
        heard_at = max(self.last_seen_at, pictured_at)
        silent_at = heard_at + HEARTBEAT_TIMEOUT
        if self.disconnected_at is None or self.disconnected_at < heard_at:
            return silent_at
        return min(self.disconnected_at + DISCONNECT_GRACE, silent_at)


@dataclass(frozen=True, slots=True)
class CameraTest:
    """The newest test shot of a view; `seen_at` is None until the models have looked at it.

    `number` of shots were asked for since `since`.
    """

    capture_id: str
    key: str
    requested_at: Millis
    window_started_at: Millis
    attempts: int = 1
    analyzed_at: Millis | None = None
    faces: int = 0
    persons: int = 0
    light: float | None = None
    problems: tuple[PlacementProblem, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the camera stands well, as far as the models can tell."""
        return self.analyzed_at is not None and not set(self.problems) - HINTS


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """A session's cameras. Version 0 is not written anywhere yet."""

    session_id: str
    room_id: str
    version: int = 0
    tests: dict[View, CameraTest] = field(default_factory=dict)
    phone: SecondViewPhone | None = None


def apply_heartbeat(cameras: CameraStatus, report: PhoneStatus | None, now: Millis) -> CameraStatus:
    """Take in what the phone says of itself, None when it only just joined.

    The same again within moments changes nothing.
    """
    known = cameras.phone
    same = known is not None and report == known.status and known.disconnected_at is None
    if known and same and now < known.last_seen_at + UNCHANGED_STATUS_INTERVAL:
        return cameras
    return _with_phone(cameras, SecondViewPhone(now, report or PhoneStatus()))


def mark_disconnected(cameras: CameraStatus, now: Millis) -> CameraStatus:
    """Note that the phone's socket closed."""
    if cameras.phone is None:
        return cameras
    return _with_phone(cameras, replace(cameras.phone, disconnected_at=now))


def _with_phone(cameras: CameraStatus, phone: SecondViewPhone) -> CameraStatus:
    return replace(cameras, version=cameras.version + 1, phone=phone)


def request_camera_test(
    cameras: CameraStatus, view: View, now: Millis, tail: str
) -> tuple[CameraStatus, CameraTest]:
    """Begin a test shot of a view. Raises TooMany: it runs the models, and is bounded for it."""
    last = cameras.tests.get(view)
    fresh = last is None or now >= last.window_started_at + CAMERA_TEST_WINDOW
    if last is not None and (
        now < last.requested_at + CAMERA_TEST_INTERVAL or _limit_reached(last, fresh=fresh)
    ):
        raise TooMany(
            LocalizedText("试拍过于频繁，请稍后再试。", "Too many test shots. Wait a moment.")
        )
    capture_id = make_capture_id(now, tail)
    camera_test = CameraTest(
        capture_id=capture_id,
        key=f"shots/{cameras.session_id}/{view}/{capture_id}.jpg",
        requested_at=now,
        window_started_at=now if last is None or fresh else last.window_started_at,
        attempts=1 if last is None or fresh else last.attempts + 1,
    )
    return _with_camera_test(cameras, view, camera_test), camera_test


def _limit_reached(last: CameraTest, *, fresh: bool) -> bool:
    return not fresh and last.attempts >= MAX_CAMERA_TESTS


def apply_camera_test(
    cameras: CameraStatus, view: View, capture_id: str, scene: PlacementScene | None, now: Millis
) -> CameraStatus:
    """Take in what a test shot showed, None where it cannot be read.

    Any but the newest, and one that was seen already, changes nothing.
    """
    camera_test = cameras.tests.get(view)
    if (
        camera_test is None
        or camera_test.capture_id != capture_id
        or camera_test.analyzed_at is not None
    ):
        return cameras
    if scene is None:
        return _with_camera_test(
            cameras,
            view,
            replace(camera_test, analyzed_at=now, problems=(PlacementProblem.UNREADABLE,)),
        )
    seen = replace(
        camera_test,
        analyzed_at=now,
        faces=len(scene.faces),
        persons=len(scene.persons),
        light=round(scene.light, 1),
        problems=problems_of(scene, view),
    )
    return _with_camera_test(cameras, view, seen)


def _with_camera_test(cameras: CameraStatus, view: View, camera_test: CameraTest) -> CameraStatus:
    return replace(cameras, version=cameras.version + 1, tests={**cameras.tests, view: camera_test})
