"""The status of a candidate's two cameras: camera tests of both views, and the phone's heartbeat.

Stored in a record of its own, so that camera tests never conflict with answers or snapshots.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.errors import TooMany
from chalicelib.domain.recording.screen_sharing import ScreenStatus, is_withheld
from chalicelib.domain.rules.camera_placement import (
    HINTS,
    PlacementProblem,
    PlacementScene,
    problems_of,
)
from chalicelib.domain.rules.reported_devices import (
    DeviceReport,
    ReportedDevices,
    apply_device_report,
)
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis, View

MAX_CAMERA_TESTS = 40
"""Of one view within CAMERA_TEST_WINDOW; a candidate at a difficult desk needs about ten."""
CAMERA_TEST_WINDOW: Millis = 60 * MINUTE
CAMERA_TEST_INTERVAL: Millis = 2 * SECOND

HEARTBEAT_INTERVAL: Millis = 15 * SECOND
"""How often the phone reports its status."""
HEARTBEAT_TIMEOUT: Millis = 45 * SECOND
"""Three missed heartbeats: a tunnel or a slow connection loses one or two."""
DISCONNECT_GRACE: Millis = 5 * SECOND
"""From the socket closing until the phone counts as lost: a reloaded page reconnects sooner."""
LOW_BATTERY = 0.2
MAX_SCREEN_CHANGES = 200
"""Of one sitting: a page that is loaded again stops sharing and shares anew."""
UNCHANGED_STATUS_INTERVAL: Millis = 3 * SECOND
"""An unchanged status is stored again only after this time."""


class Orientation(StrEnum):
    """How the phone is held."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True)
class PhoneStatus:
    """The phone's status as it reports it. `battery` is 0..1, or None if the browser hides it.

    `visible` is whether the page is in the foreground: in the background most phones stop the
    camera.
    """

    battery: float | None = None
    charging: bool | None = None
    orientation: Orientation | None = None
    visible: bool = True


@dataclass(frozen=True, slots=True)
class SecondViewPhone:
    """The phone at its last heartbeat; `disconnected_at` is set while its socket is closed."""

    last_seen_at: Millis
    status: PhoneStatus = PhoneStatus()
    disconnected_at: Millis | None = None

    @property
    def battery_low(self) -> bool:
        """Whether the battery is low and not reported as charging."""
        battery = self.status.battery
        return battery is not None and battery <= LOW_BATTERY and self.status.charging is not True

    def lost_at(self, latest_picture_at: Millis = 0) -> Millis:
        """Return from when the phone counts as lost, unless it makes contact before.

        `pictured_at` is the time of its latest picture, which counts as contact.
        """
        heard_at = max(self.last_seen_at, latest_picture_at)
        silent_at = heard_at + HEARTBEAT_TIMEOUT
        if self.disconnected_at is None or self.disconnected_at < heard_at:
            return silent_at
        return min(self.disconnected_at + DISCONNECT_GRACE, silent_at)


@dataclass(frozen=True, slots=True)
class CameraTest:
    """The latest camera test of a view; `analyzed_at` is None until the models have run.

    `attempts` counts the tests since `window_started_at`, to limit them.
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
        """Whether the camera is well placed, as far as the models can detect."""
        return self.analyzed_at is not None and not set(self.problems) - HINTS


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """The cameras of a session. Version 0 has not been stored yet."""

    session_id: str
    room_id: str
    version: int = 0
    tests: dict[View, CameraTest] = field(default_factory=dict)
    phone: SecondViewPhone | None = None
    devices: dict[View, ReportedDevices] = field(default_factory=dict)
    """As the page of each view reports them."""
    screen: ScreenStatus | None = None
    """Whether the computer's screen is shared, where it is recorded; None until the page tells."""
    screen_changes: int = 0
    """How often that changed."""


def apply_heartbeat(cameras: CameraStatus, status: PhoneStatus | None, now: Millis) -> CameraStatus:
    """Apply the phone's reported status; None when it has just joined.

    An unchanged status is ignored within UNCHANGED_STATUS_INTERVAL.
    """
    phone = cameras.phone
    unchanged = phone is not None and status == phone.status and phone.disconnected_at is None
    if phone and unchanged and now < phone.last_seen_at + UNCHANGED_STATUS_INTERVAL:
        return cameras
    return _with_phone(cameras, SecondViewPhone(now, status or PhoneStatus()))


def mark_disconnected(cameras: CameraStatus, now: Millis) -> CameraStatus:
    """Record that the phone's socket closed."""
    if cameras.phone is None:
        return cameras
    return _with_phone(cameras, replace(cameras.phone, disconnected_at=now))


def report_view_devices(
    cameras: CameraStatus, view: View, report: DeviceReport, now: Millis
) -> CameraStatus:
    """Apply a page's report of its devices. Idempotent. Raises TooMany."""
    before = cameras.devices.get(view)
    devices = apply_device_report(before, report, now)
    if devices is before:
        return cameras
    return replace(cameras, version=cameras.version + 1, devices={**cameras.devices, view: devices})


def report_screen_status(cameras: CameraStatus, status: ScreenStatus | None) -> CameraStatus:
    """Apply the exam page's report of the shared screen; None begins anew. Idempotent.

    Each change may be a flag, so they are bounded: beyond MAX_SCREEN_CHANGES a screen that is not
    shared stays so. Raises TooMany where it is said to be shared after all.
    """
    if cameras.screen is status:
        return cameras
    if cameras.screen_changes >= MAX_SCREEN_CHANGES and is_withheld(cameras.screen):
        if is_withheld(status):
            return cameras
        raise TooMany
    changes = cameras.screen_changes + 1
    return replace(cameras, version=cameras.version + 1, screen=status, screen_changes=changes)


def join_phone(cameras: CameraStatus, now: Millis) -> CameraStatus:
    """Begin with a phone that has just joined: what the one before reported is not its own."""
    own: dict[View, ReportedDevices] = {
        view: known for view, known in cameras.devices.items() if view is not View.SECOND
    }
    return apply_heartbeat(replace(cameras, devices=own), None, now)


def _with_phone(cameras: CameraStatus, phone: SecondViewPhone) -> CameraStatus:
    return replace(cameras, version=cameras.version + 1, phone=phone)


def request_camera_test(
    cameras: CameraStatus, view: View, now: Millis, suffix: str
) -> tuple[CameraStatus, CameraTest]:
    """Start a camera test of a view. Raises TooMany: a test runs the models, so it is limited."""
    last = cameras.tests.get(view)
    fresh = last is None or now >= last.window_started_at + CAMERA_TEST_WINDOW
    if last is not None and (
        now < last.requested_at + CAMERA_TEST_INTERVAL or _limit_reached(last, fresh=fresh)
    ):
        raise TooMany(
            LocalizedText(
                "试拍过于频繁，请稍后再试。", "Too many camera tests. Please wait a moment."
            )
        )
    capture_id = make_capture_id(now, suffix)
    camera_test = CameraTest(
        capture_id=capture_id,
        key=f"test-pictures/{cameras.session_id}/{view}/{capture_id}.jpg",
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
    """Apply what the models found in a test picture; None if it could not be decoded.

    Idempotent; any test but the latest is ignored.
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
    camera_test = replace(
        camera_test,
        analyzed_at=now,
        faces=len(scene.faces),
        persons=len(scene.persons),
        light=round(scene.light, 1),
        problems=problems_of(scene, view),
    )
    return _with_camera_test(cameras, view, camera_test)


def _with_camera_test(cameras: CameraStatus, view: View, camera_test: CameraTest) -> CameraStatus:
    return replace(cameras, version=cameras.version + 1, tests={**cameras.tests, view: camera_test})
