"""Reaching each other: the ICE servers for whoever may make or answer a call."""

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
    """The servers of one person, and until when they may be used."""

    servers: tuple[IceServer, ...]
    relay_only: bool
    expires_at: Millis


def ice_for(context: AppContext, subject: str) -> IceServers:
    """Return the servers for somebody who is signed in."""
    return _ice_servers(context.ice(), subject, context.clock() + CALL_CREDENTIAL_TTL)


def ice_for_check(context: AppContext, exam_id: str) -> IceServers:
    """Return the servers for the check before signing in: the relay while a window is open only.

    Raises NotFound where there is no such exam.
    """
    exam, now = context.registry.exam(exam_id), context.clock()
    windows = (window for subject in exam.subjects for window in subject.windows.values())
    open_now = any(window.opens_at <= now < window.ends_at for window in windows)
    config = context.ice() if open_now else without_relay(context.ice())
    return _ice_servers(config, f"check/{exam_id}", now + CHECK_CREDENTIAL_TTL)


def _ice_servers(config: IceConfig, subject: str, expires_at: Millis) -> IceServers:
    return IceServers(servers_for(config, subject, expires_at), config.relay_only, expires_at)
