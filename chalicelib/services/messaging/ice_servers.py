"""ICE servers for whoever may make or answer a call, and for the connection check."""

from dataclasses import dataclass

from chalicelib.domain.messaging.ice import (
    CALL_CREDENTIAL_TTL,
    CHECK_CREDENTIAL_TTL,
    IceConfig,
    IceServer,
    servers_for,
    without_relay,
)
from chalicelib.domain.types import Millis
from chalicelib.services.ports import AppContext


@dataclass(frozen=True, slots=True)
class IceServers:
    """The servers for one caller, and when their credentials expire."""

    servers: tuple[IceServer, ...]
    relay_only: bool
    expires_at: Millis


def ice_for(context: AppContext, subject: str) -> IceServers:
    """Return the servers for a caller who is signed in."""
    return _ice_servers(context.ice(), subject, context.clock() + CALL_CREDENTIAL_TTL)


def ice_for_check(context: AppContext, exam_id: str) -> IceServers:
    """Return the servers for the check before sign-in: with TURN only while a window is open.

    Raises NotFound where there is no such exam.
    """
    exam, now = context.registry.exam(exam_id), context.clock()
    windows = (window for subject in exam.subjects for window in subject.windows.values())
    is_open = any(window.opens_at <= now < window.ends_at for window in windows)
    config = context.ice() if is_open else without_relay(context.ice())
    return _ice_servers(config, f"check/{exam_id}", now + CHECK_CREDENTIAL_TTL)


def _ice_servers(config: IceConfig, subject: str, expires_at: Millis) -> IceServers:
    return IceServers(servers_for(config, subject, expires_at), config.relay_only, expires_at)
