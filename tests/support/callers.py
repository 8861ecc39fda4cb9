"""All kinds of callers of a route, permitted or not, and their tokens."""

from enum import StrEnum

from chalicelib.adapters.tokens import JwtTokens, SigningKey
from chalicelib.domain.types import MINUTE, Millis, Role, SittingKind
from chalicelib.services.core.tokens import API_AUDIENCE, SOCKET_AUDIENCE
from chalicelib.services.ports import ClaimedSitting, Claims, Tokens


class Caller(StrEnum):
    """A kind of caller; the candidate, the phone and the proctor belong to the same session."""

    ANONYMOUS = "nobody"
    CANDIDATE = "the candidate"
    OTHER_CANDIDATE = "a candidate of another session"
    PHONE = "the candidate's phone"
    PROCTOR = "a proctor of the room"
    OTHER_PROCTOR = "a proctor of another room"
    ADMIN = "an admin"
    SUPPORT = "support"
    EXPIRED = "an expired token"
    FORGED = "a token signed with another key"
    TICKET = "a socket ticket"


AUTHENTICATED = frozenset(Caller) - {Caller.ANONYMOUS, Caller.EXPIRED, Caller.FORGED, Caller.TICKET}
"""Callers with a valid token; all others get 401 wherever a token is required."""


def token_of(
    caller: Caller, tokens: Tokens, now: Millis, subjects: dict[Caller, str], subject_id: str
) -> str | None:
    """Return a caller's token. `subjects` maps callers to session ids or usernames."""
    sitting = ClaimedSitting(subject_id, SittingKind.OFFICIAL)
    roles = {
        Caller.CANDIDATE: Role.CANDIDATE,
        Caller.OTHER_CANDIDATE: Role.CANDIDATE,
        Caller.PHONE: Role.PHONE,
        Caller.PROCTOR: Role.PROCTOR,
        Caller.OTHER_PROCTOR: Role.PROCTOR,
        Caller.ADMIN: Role.ADMIN,
        Caller.SUPPORT: Role.SUPPORT,
    }
    if caller in roles:
        claims = Claims(roles[caller], subjects[caller], now + MINUTE, sitting)
        return tokens.issue(claims, API_AUDIENCE)
    admin = Claims(Role.ADMIN, subjects[Caller.ADMIN], now + MINUTE)
    match caller:
        case Caller.EXPIRED:
            expired = Claims(Role.ADMIN, subjects[Caller.ADMIN], now)
            return tokens.issue(expired, API_AUDIENCE)
        case Caller.FORGED:
            forger = JwtTokens(
                lambda: [SigningKey("forged", "another signing key" * 3)], lambda: now
            )
            return forger.issue(admin, API_AUDIENCE)
        case Caller.TICKET:
            return tokens.issue(admin, SOCKET_AUDIENCE)
        case _:
            return None
