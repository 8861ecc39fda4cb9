"""The ICE servers, by which browsers connect to each other."""

from chalicelib.schemas.common import ApiModel


class IceServerOut(ApiModel):
    """One entry of a browser's `iceServers`; user name and credential only for a relay."""

    urls: list[str]
    username: str | None
    credential: str | None


class IceOut(ApiModel):
    """The ICE servers of one caller. Request them for each call: the credentials expire soon."""

    servers: list[IceServerOut]
    relay_only: bool
    """Set `iceTransportPolicy: "relay"`."""
    expires_at: int
    now: int
