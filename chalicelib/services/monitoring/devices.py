"""The devices that a candidate's pages report, and the signs that they are."""

from chalicelib.domain.capture.cameras import report_view_devices
from chalicelib.domain.errors import WrongState
from chalicelib.domain.monitoring.signs import CertainSign
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.reported_devices import (
    DeviceReport,
    ReportedDevices,
    is_unplugged,
    is_virtual_camera,
    new_headset,
)
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.monitoring.signs import clear_sign, record_sign
from chalicelib.services.ports import AppContext


def report_devices(context: AppContext, session_id: str, view: View, report: DeviceReport) -> None:
    """Apply a report of a view's devices. Idempotent. Raises NotFound, WrongState, TooMany."""
    now = context.clock()

    def attempt() -> ReportedDevices | None:
        bundle = context.sessions.bundle(session_id)
        if bundle.session.state in FINAL_STATES:
            raise WrongState
        cameras = report_view_devices(bundle.cameras, view, report, now)
        if cameras is bundle.cameras:
            return None
        context.sessions.commit(cameras)
        return cameras.devices[view]

    changed = retry_on_conflict(attempt)
    if changed is not None:
        _tell(context, session_id, view, changed, now)


def _tell(
    context: AppContext, session_id: str, view: View, devices: ReportedDevices, now: Millis
) -> None:
    """Open the flags of what the devices tell, and close those that are over."""
    for kind, detail in _signs_of(view, devices).items():
        if detail is not None:
            record_sign(context, session_id, CertainSign(kind, view, now, detail=detail))
        else:
            clear_sign(context, session_id, kind, view)


def _signs_of(view: View, devices: ReportedDevices) -> dict[FindingKind, str | None]:
    """Return what each sign of a view says, None where it is not given."""
    camera = devices.latest.camera
    signs = {FindingKind.VIRTUAL_CAMERA: camera if is_virtual_camera(camera) else None}
    if view is View.SECOND:
        return signs
    unplugged = is_unplugged(devices)
    return {
        **signs,
        FindingKind.HEADSET: new_headset(devices),
        FindingKind.POWER_UNPLUGGED: "" if unplugged else None,
    }
