"""A view's devices as its page reports them: what their names and the battery tell.

Names are what the browser tells; whoever writes their own client can tell anything. So these are
signs and no proof, and silence proves nothing.
"""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import TooMany
from chalicelib.domain.types import MINUTE, LocalizedText, Millis

MAX_REPORTS = 20
"""Reports within REPORT_WINDOW; a page reports on a change."""
REPORT_WINDOW: Millis = MINUTE

VIRTUAL_CAMERAS = (
    "obs virtual", "obs-camera", "obs camera", "virtual cam", "virtualcam", "vcam", "manycam",
    "snap camera", "xsplit", "splitcam", "webcamoid", "e2esoft", "mmhmm", "youcam", "nvidia broadcast",
    "altercam", "sparkocam", "webcammax", "fake device", "v4l2loopback", "dummy video", "ndi video",
    "droidcam", "iriun", "epoccam", "ivcam", "camo", "ip camera adapter",
    "虚拟摄像头", "虚拟相机", "虚拟视频", "直播伴侣",
)  # fmt: skip
"""Parts of the names of cameras that play pictures, or pass on another device's."""

HEADSETS = (
    "headset", "headphone", "earphone", "earbud", "airpods", "buds", "hands-free", "handsfree",
    "耳机", "耳麦", "头戴",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What the page tells: the camera in use, the names of all sound devices, the power cord.

    `charging` is None where the browser does not tell. A phone tells its camera alone.
    """

    camera: str = ""
    sound: tuple[str, ...] = ()
    charging: bool | None = None


@dataclass(frozen=True, slots=True)
class ReportedDevices:
    """The devices of a computer or a phone: as they were first reported, and as they are now."""

    first: DeviceReport
    latest: DeviceReport
    reported_at: tuple[Millis, ...] = ()


def apply_device_report(
    devices: ReportedDevices | None, report: DeviceReport, now: Millis
) -> ReportedDevices:
    """Apply a report. Idempotent. Raises TooMany beyond MAX_REPORTS a minute."""
    if devices is None:
        return ReportedDevices(report, report, (now,))
    if devices.latest == report:
        return devices
    recent = tuple(at for at in devices.reported_at if at > now - REPORT_WINDOW)
    if len(recent) >= MAX_REPORTS:
        raise TooMany(LocalizedText("设备上报过于频繁。", "Devices were reported too often."))
    return replace(devices, latest=report, reported_at=(*recent, now))


def is_virtual_camera(name: str) -> bool:
    """Return whether a camera's name is that of a program."""
    return _names_any(name, VIRTUAL_CAMERAS)


def new_headset(devices: ReportedDevices) -> str | None:
    """Return the name of a headset that was not there at the first report, or None."""
    added = (name for name in devices.latest.sound if name not in devices.first.sound)
    return next((name for name in added if _names_any(name, HEADSETS)), None)


def is_unplugged(devices: ReportedDevices) -> bool | None:
    """Return whether the power cord was pulled since the first report; None where nothing tells."""
    if devices.first.charging is not True or devices.latest.charging is None:
        return None
    return not devices.latest.charging


def _names_any(name: str, parts: tuple[str, ...]) -> bool:
    text = name.casefold()
    return any(part in text for part in parts)
