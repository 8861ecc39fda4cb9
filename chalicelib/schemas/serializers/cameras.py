"""From what is known of cameras to the JSON that candidates and staff see."""

from chalicelib.domain.capture.cameras import CameraStatus, SecondViewPhone
from chalicelib.domain.rules.camera_placement import HINTS
from chalicelib.domain.types import View
from chalicelib.schemas.cameras import TileCameras, TileSecondView
from chalicelib.schemas.common import CameraTestOut


def camera_test_out(devices: CameraStatus, view: View) -> CameraTestOut | None:
    """Show the newest test shot of a view."""
    shot = devices.tests.get(view)
    if shot is None:
        return None
    return CameraTestOut(
        view=view,
        capture_id=shot.capture_id,
        asked_at=shot.requested_at,
        seen_at=shot.analyzed_at,
        fine=shot.passed,
        faces=shot.faces,
        persons=shot.persons,
        light=shot.light,
        problems=[problem for problem in shot.problems if problem not in HINTS],
        hints=[problem for problem in shot.problems if problem in HINTS],
    )


def tile_cameras(devices: CameraStatus) -> TileCameras:
    """Show a candidate's cameras to a proctor."""
    shots = (camera_test_out(devices, view) for view in View)
    return TileCameras(
        session_id=devices.session_id,
        version=devices.version,
        shots=[test for test in shots if test],
        phone=_tile_second_view(devices.phone) if devices.phone else None,
    )


def _tile_second_view(phone: SecondViewPhone) -> TileSecondView:
    return TileSecondView(
        heard_at=phone.last_seen_at,
        lost_at=phone.lost_at(),
        battery=phone.status.battery,
        charging=phone.status.charging,
        battery_low=phone.battery_low,
        orientation=phone.status.orientation,
        visible=phone.status.visible,
    )
