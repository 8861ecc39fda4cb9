"""What staff see of a candidate's cameras."""

from chalicelib.domain.capture.cameras import Orientation
from chalicelib.schemas.common import ApiModel, CameraTestOut


class TileSecondView(ApiModel):
    """The phone as last heard of."""

    heard_at: int
    lost_at: int
    """From this moment on it counts as lost, unless it is heard of, or seen, before."""
    battery: float | None
    charging: bool | None
    battery_low: bool
    orientation: Orientation | None
    visible: bool


class TileCameras(ApiModel):
    """The candidate's cameras: test shots, and the phone; the higher `version` is newer."""

    session_id: str
    version: int
    shots: list[CameraTestOut]
    phone: TileSecondView | None
