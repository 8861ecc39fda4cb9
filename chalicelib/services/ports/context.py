"""What the use cases act on, for each part of the product."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.messaging.ice import IceConfig
from chalicelib.domain.types import Millis
from chalicelib.services.ports.credentials import OneTimeCodes, Passcodes, Passwords, Tokens
from chalicelib.services.ports.files import Media, Vault
from chalicelib.services.ports.sms import Jobs, Mailings, Sms
from chalicelib.services.ports.sockets import Connections
from chalicelib.services.ports.stores import Messages, Registry, Sessions


@dataclass(frozen=True)
class PostWorld:
    """What sending passcodes acts on."""

    registry: Registry
    mailings: Mailings
    passcodes: Passcodes
    jobs: Jobs
    sms: Sms
    clock: Callable[[], Millis]


@dataclass(frozen=True)
class DataWorld:
    """What the use cases that data triggers act on: no passwords, no tokens, no registry."""

    sessions: Sessions
    messages: Messages
    connections: Connections
    media: Media
    clock: Callable[[], Millis]


@dataclass(frozen=True)
class World(DataWorld):
    """Everything that the use cases of people act on and with."""

    registry: Registry
    tokens: Tokens
    passwords: Passwords
    one_time_codes: OneTimeCodes
    vault: Vault
    passcodes: Passcodes
    mailings: Mailings
    jobs: Jobs
    draw: Callable[[Millis], Millis]
    """draw(n) returns a random whole number from 0 to n - 1, hard to foresee."""
    pages_url: str
    """Where the pages are, without a slash at the end."""
    new_id: Callable[[], str]
    """Returns 10 random characters of [a-z0-9]."""
    ice: Callable[[], IceConfig]
    """Returns what the operator says of ICE at this moment."""
