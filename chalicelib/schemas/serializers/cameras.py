"""From cameras' status to what candidates and staff see of them."""

from chalicelib.domain.capture.cameras import CameraStatus, SecondViewPhone
from chalicelib.domain.rules.camera_placement import HINTS
from chalicelib.domain.types import View
from chalicelib.schemas.cameras import TileCameras, TileSecondView
from chalicelib.schemas.common import CameraTestOut


def camera_test_out(cameras: CameraStatus, view: View) -> CameraTestOut | None:
    """Return the newest camera test of a view, if there is one."""
    camera_test = cameras.tests.get(view)
    if camera_test is None:
        return None
    return CameraTestOut(
        view=view,
        capture_id=camera_test.capture_id,
        asked_at=camera_test.requested_at,
        seen_at=camera_test.analyzed_at,
        fine=camera_test.passed,
        faces=camera_test.faces,
        persons=camera_test.persons,
        light=camera_test.light,
        problems=[problem for problem in camera_test.problems if problem not in HINTS],
        hints=[problem for problem in camera_test.problems if problem in HINTS],
    )


def tile_cameras(cameras: CameraStatus) -> TileCameras:
    """Return a candidate's cameras as a proctor sees them."""
    shots = (camera_test_out(cameras, view) for view in View)
    return TileCameras(
        session_id=cameras.session_id,
        version=cameras.version,
        shots=[test for test in shots if test],
        phone=_tile_second_view(cameras.phone) if cameras.phone else None,
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
