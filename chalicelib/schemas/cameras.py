"""What staff see of a candidate's cameras."""

from chalicelib.domain.capture.cameras import Orientation
from chalicelib.schemas.common import ApiModel, CameraTestOut


class TileSecondView(ApiModel):
    """The phone's status by its last heartbeat."""

    heard_at: int
    lost_at: int
    """From this moment it counts as lost, unless a heartbeat or a picture comes before."""
    battery: float | None
    charging: bool | None
    battery_low: bool
    orientation: Orientation | None
    visible: bool


class TileCameras(ApiModel):
    """The candidate's cameras: their tests, and the phone; the higher `version` is newer."""

    session_id: str
    version: int
    shots: list[CameraTestOut]
    phone: TileSecondView | None
