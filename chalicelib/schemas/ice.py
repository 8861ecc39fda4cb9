"""What browsers need to reach each other."""

from chalicelib.schemas.common import ApiModel


class IceServerOut(ApiModel):
    """One entry of a browser's `iceServers`; user name and credential for a relay only."""

    urls: list[str]
    username: str | None
    credential: str | None


class IceOut(ApiModel):
    """The ICE servers for one person. Ask again for each call: the credentials soon end."""

    servers: list[IceServerOut]
    relay_only: bool
    """Set `iceTransportPolicy: "relay"`."""
    expires_at: int
    now: int
