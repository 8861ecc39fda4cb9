"""ICE: STUN and TURN servers for WebRTC, with short-lived TURN credentials."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from chalicelib.domain.types import MINUTE, SECOND, Millis

CALL_CREDENTIAL_TTL: Millis = 70 * MINUTE
"""Validity of credentials for calls: a little longer than the longest call."""

CHECK_CREDENTIAL_TTL: Millis = 2 * MINUTE
"""Validity of credentials for the device check before sign-in."""


@dataclass(frozen=True, slots=True)
class IceConfig:
    """The operator's ICE configuration; empty if browsers can connect directly."""

    stun: tuple[str, ...] = ()
    """Addresses such as «stun:turn.example.org:3478»."""
    turn: tuple[str, ...] = ()
    """Addresses such as «turns:turn.example.org:443?transport=tcp»."""
    turn_secret: str = ""
    """coturn's `static-auth-secret`."""
    relay_only: bool = False
    """Whether all media use the relay, so that neither side learns the other's IP address."""


@dataclass(frozen=True, slots=True)
class IceServer:
    """One entry of a browser's `iceServers`."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None


def servers_for(config: IceConfig, subject: str, expires_at: Millis) -> tuple[IceServer, ...]:
    """Return the servers for one user, with credentials as for coturn's REST API.

    The user name is the expiry in Unix seconds and a pseudonym; the password is its HMAC-SHA1
    (draft-uberti-behave-turn-rest-00, section 2.2).
    """
    servers = [IceServer(config.stun)] if config.stun else []
    if config.turn and config.turn_secret:
        name = hashlib.sha256(f"ice/{subject}".encode()).hexdigest()[:12]
        username = f"{expires_at // SECOND}:{name}"
        digest = hmac.digest(config.turn_secret.encode(), username.encode(), "sha1")
        servers.append(IceServer(config.turn, username, base64.b64encode(digest).decode()))
    return tuple(servers)


def without_relay(config: IceConfig) -> IceConfig:
    """Return the configuration without TURN, for callers who may not use the relay."""
    return IceConfig(stun=config.stun)
