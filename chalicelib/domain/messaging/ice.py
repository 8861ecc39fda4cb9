"""ICE: the servers by which two browsers find each other, with TURN credentials that soon end."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from chalicelib.domain.types import MINUTE, SECOND, Millis

CALL_CREDENTIAL_TTL: Millis = 70 * MINUTE
"""How long credentials of a signed-in person are good: a little longer than the longest call."""

CHECK_CREDENTIAL_TTL: Millis = 2 * MINUTE
"""How long those of the check before signing in are."""


@dataclass(frozen=True, slots=True)
class IceConfig:
    """What the operator says of ICE. Nothing is needed where browsers reach each other directly."""

    stun: tuple[str, ...] = ()
    """Addresses such as «stun:turn.example.org:3478»."""
    turn: tuple[str, ...] = ()
    """Addresses such as «turns:turn.example.org:443?transport=tcp»."""
    turn_secret: str = ""
    """coturn's `static-auth-secret`."""
    relay_only: bool = False
    """Whether all goes through the relay, so that neither side learns the other's address."""


@dataclass(frozen=True, slots=True)
class IceServer:
    """One entry of a browser's `iceServers`."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None


def servers_for(config: IceConfig, subject: str, expires_at: Millis) -> tuple[IceServer, ...]:
    """Return the servers for one person, in the style of coturn's REST API.

    The user name is the end in Unix seconds and a name that says nothing of the person; the
    password its HMAC-SHA1 (draft-uberti-behave-turn-rest-00, section 2.2).
    """
    found = [IceServer(config.stun)] if config.stun else []
    if config.turn and config.turn_secret:
        name = hashlib.sha256(f"ice/{subject}".encode()).hexdigest()[:12]
        username = f"{expires_at // SECOND}:{name}"
        digest = hmac.digest(config.turn_secret.encode(), username.encode(), "sha1")
        found.append(IceServer(config.turn, username, base64.b64encode(digest).decode()))
    return tuple(found)


def without_relay(config: IceConfig) -> IceConfig:
    """Return the configuration for somebody who may not use the relay."""
    return IceConfig(stun=config.stun)
