"""Everybody who may call a route, rightly or not, and the token each has."""

from enum import StrEnum

from chalicelib.adapters.tokens import JwtTokens
from chalicelib.domain.types import MINUTE, Millis, Role, SittingKind
from chalicelib.services.core.tokens import API_AUDIENCE, SOCKET_AUDIENCE
from chalicelib.services.ports import ClaimedSitting, Claims, Tokens


class Caller(StrEnum):
    """Who is calling. The session, the room and the proctor are those of one candidate."""

    NOBODY = "nobody"
    CANDIDATE = "the candidate"
    OTHER_CANDIDATE = "a candidate of another session"
    PHONE = "the candidate's phone"
    PROCTOR = "a proctor of the room"
    OTHER_PROCTOR = "a proctor of another room"
    ADMIN = "an admin"
    SUPPORT = "support"
    EXPIRED = "a token that is over"
    FORGED = "a token of somebody else's key"
    TICKET = "a ticket for the socket"


AUTHENTICATED = frozenset(Caller) - {Caller.NOBODY, Caller.EXPIRED, Caller.FORGED, Caller.TICKET}
"""Whom the API recognises; the others are answered 401 wherever a token is asked for."""


def token_of(
    caller: Caller, tokens: Tokens, now: Millis, subjects: dict[Caller, str], subject_id: str
) -> str | None:
    """Return a caller's token. `subjects` holds the session's id or the username of each."""
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
            over = Claims(Role.ADMIN, subjects[Caller.ADMIN], now)
            return tokens.issue(over, API_AUDIENCE)
        case Caller.FORGED:
            return JwtTokens(lambda: "the key of somebody else" * 3).issue(admin, API_AUDIENCE)
        case Caller.TICKET:
            return tokens.issue(admin, SOCKET_AUDIENCE)
        case _:
            return None
