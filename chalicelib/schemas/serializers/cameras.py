"""From what is known of cameras to the JSON that candidates and staff see."""

from chalicelib.domain.capture.cameras import Devices, Phone
from chalicelib.domain.rules.camera_placement import HINTS
from chalicelib.domain.types import View
from chalicelib.schemas.cameras import SeatDevices, SeatPhone
from chalicelib.schemas.common import ShotOut


def shot_out(devices: Devices, view: View) -> ShotOut | None:
    """Show the newest test shot of a view."""
    shot = devices.shots.get(view)
    if shot is None:
        return None
    return ShotOut(
        view=view,
        capture_id=shot.capture_id,
        asked_at=shot.asked_at,
        seen_at=shot.seen_at,
        fine=shot.fine,
        faces=shot.faces,
        persons=shot.persons,
        light=shot.light,
        problems=[one for one in shot.problems if one not in HINTS],
        hints=[one for one in shot.problems if one in HINTS],
    )


def seat_devices(devices: Devices) -> SeatDevices:
    """Show a candidate's cameras to a proctor."""
    shots = (shot_out(devices, view) for view in View)
    return SeatDevices(
        session_id=devices.session_id,
        version=devices.version,
        shots=[one for one in shots if one],
        phone=_seat_phone(devices.phone) if devices.phone else None,
    )


def _seat_phone(phone: Phone) -> SeatPhone:
    return SeatPhone(
        heard_at=phone.heard_at,
        lost_at=phone.lost_at(),
        battery=phone.report.battery,
        charging=phone.report.charging,
        battery_low=phone.battery_low,
        orientation=phone.report.orientation,
        visible=phone.report.visible,
    )
