"""The devices that a candidate's page reports, and the signs that they are."""

from dataclasses import replace

from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.errors import WrongState
from chalicelib.domain.monitoring.signs import CertainSign
from chalicelib.domain.rules.computer_devices import (
    ComputerDevices,
    DeviceReport,
    apply_device_report,
    is_unplugged,
    is_virtual_camera,
    new_headset,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.monitoring.signs import clear_sign, record_sign
from chalicelib.services.ports import AppContext


def report_devices(context: AppContext, session_id: str, report: DeviceReport) -> None:
    """Apply a report of the computer's devices. Idempotent. Raises NotFound, WrongState, TooMany."""
    now = context.clock()

    def attempt() -> ComputerDevices | None:
        bundle = context.sessions.bundle(session_id)
        if bundle.session.state in FINAL_STATES:
            raise WrongState
        before = bundle.cameras.computer
        devices = apply_device_report(before, report, now)
        if devices is before:
            return None
        cameras: CameraStatus = bundle.cameras
        context.sessions.commit(replace(cameras, version=cameras.version + 1, computer=devices))
        return devices

    changed = retry_on_conflict(attempt)
    if changed is not None:
        _tell(context, session_id, changed, now)


def _tell(context: AppContext, session_id: str, devices: ComputerDevices, now: Millis) -> None:
    """Open the flags of what the devices tell, and close those that are over."""
    camera = devices.latest.camera
    headset, unplugged = new_headset(devices), is_unplugged(devices)
    found = {
        FindingKind.VIRTUAL_CAMERA: camera if is_virtual_camera(camera) else None,
        FindingKind.HEADSET: headset,
        FindingKind.POWER_UNPLUGGED: "" if unplugged else None,
    }
    for kind, detail in found.items():
        if detail is not None:
            record_sign(context, session_id, CertainSign(kind, View.FIRST, now, detail=detail))
        else:
            clear_sign(context, session_id, kind)
