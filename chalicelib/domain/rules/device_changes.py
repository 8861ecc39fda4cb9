"""Changing the computer in the middle of a sitting: who must look at it, and what is told of it.

A passcode alone says nothing of who sits there. Up to the photo check a session may move from one
computer to another; from then on the person who was verified must be verified again on the new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MAX_ORIGINS = 8
"""So many places of one device are told. A mobile line that changes its address more often than that
says nothing new."""
MAX_AGENT_LENGTH = 300
"""Characters of a browser's own description that are kept."""


class DeviceChangeRule(StrEnum):
    """What a subject asks of a device that takes a verified session over."""

    PHOTO_CHECK = "photo_check"  # the photo is taken and compared again, on the new device
    PROCTOR = "proctor"  # a proctor looks and decides; no machine may say yes


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: the address that the gateway saw, and what the browser says it is."""

    address: str
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """What signs in: the random name that the browser keeps, and where it is."""

    browser_id: str
    origin: Origin


def make_origin(address: str, user_agent: str) -> Origin:
    """Return an origin whose description is no longer than what is kept."""
    return Origin(address, user_agent[:MAX_AGENT_LENGTH])


def is_news(known: tuple[Origin, ...], origin: Origin) -> bool:
    """Return whether a device is at a place where it was not seen before, and that is worth telling."""
    return bool(known) and origin not in known and tells_origins(known)


def tells_origins(known: tuple[Origin, ...]) -> bool:
    """Return whether one more place of a device is told."""
    return len(known) < MAX_ORIGINS


def describe_change(before: Origin | None, after: Origin) -> str:
    """Return both places in one line, for the proctor."""
    return f"{before.address if before else '–'} → {after.address}"


def describe_browsers(origins: Iterable[Origin]) -> str:
    """Return the browsers' own descriptions in one line, each once."""
    return " → ".join(dict.fromkeys(origin.user_agent or "–" for origin in origins))
