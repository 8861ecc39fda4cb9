"""Reaching each other: the ICE servers for whoever may make or answer a call."""

from dataclasses import dataclass

from chalicelib.domain.messaging.ice import (
    CALL_LIFE,
    CHECK_LIFE,
    IceConfig,
    IceServer,
    servers_for,
    without_relay,
)
from chalicelib.domain.types import Millis
from chalicelib.services.ports import World


@dataclass(frozen=True, slots=True)
class Reach:
    """The servers of one person, and until when they may be used."""

    servers: tuple[IceServer, ...]
    relay_only: bool
    expires_at: Millis


def ice_for(world: World, subject: str) -> Reach:
    """Return the servers for somebody who is signed in."""
    return _reach(world.ice(), subject, world.clock() + CALL_LIFE)


def ice_for_check(world: World, exam_id: str) -> Reach:
    """Return the servers for the check before signing in: the relay while a window is open only.

    Raises NotFound where there is no such exam.
    """
    exam, now = world.registry.exam(exam_id), world.clock()
    windows = (window for subject in exam.subjects for window in subject.windows.values())
    open_now = any(window.opens_at <= now < window.ends_at for window in windows)
    config = world.ice() if open_now else without_relay(world.ice())
    return _reach(config, f"check/{exam_id}", now + CHECK_LIFE)


def _reach(config: IceConfig, subject: str, expires_at: Millis) -> Reach:
    return Reach(servers_for(config, subject, expires_at), config.relay_only, expires_at)
