"""What the use cases need of the world outside: the store, the media, tokens, the clock."""

from chalicelib.services.ports.context import DataWorld, PostWorld, World
from chalicelib.services.ports.credentials import (
    Claims,
    OneTimeCodes,
    Passcodes,
    Passwords,
    Sitting,
    Tokens,
)
from chalicelib.services.ports.files import Kept, Media, SignedForm, Vault
from chalicelib.services.ports.records import (
    VERSIONED,
    Decided,
    JoinCode,
    Nonce,
    Page,
    Record,
    Versioned,
    Welcome,
    Whole,
)
from chalicelib.services.ports.sms import Job, Jobs, Mailings, NotSent, Send, Sms, Walk
from chalicelib.services.ports.sockets import Connection, Connections
from chalicelib.services.ports.stores import Messages, Registry, Sessions

__all__ = [
    "VERSIONED",
    "Claims",
    "Connection",
    "Connections",
    "DataWorld",
    "Decided",
    "Job",
    "Jobs",
    "JoinCode",
    "Kept",
    "Mailings",
    "Media",
    "Messages",
    "Nonce",
    "NotSent",
    "OneTimeCodes",
    "Page",
    "Passcodes",
    "Passwords",
    "PostWorld",
    "Record",
    "Registry",
    "Send",
    "Sessions",
    "SignedForm",
    "Sitting",
    "Sms",
    "Tokens",
    "Vault",
    "Versioned",
    "Walk",
    "Welcome",
    "Whole",
    "World",
]
