"""TODO: say what this is."""

from dataclasses import replace

from chalicelib.domain.types import MINUTE, Millis, Role
from chalicelib.services.ports import Claims, World

API = "api"


SOCKET = "socket"


TOKEN_LIFE: Millis = 12 * 60 * MINUTE


TICKET_LIFE: Millis = MINUTE


def issue(
    world: World, role: Role, subject: str, now: Millis, *, generation: int = 1
) -> tuple[str, Millis]:
    """Return a token for the API and when it ends."""
    claims = Claims(role, subject, now + TOKEN_LIFE, generation=generation)
    return world.tokens.issue(claims, API), claims.expires_at


def issue_ticket(world: World, claims: Claims) -> tuple[str, Millis]:
    """Return a ticket that opens one's socket within a minute.

    A socket's address ends up in access logs; a ticket is worth nothing by then.
    """
    expires_at = world.clock() + TICKET_LIFE
    return world.tokens.issue(replace(claims, expires_at=expires_at), SOCKET), expires_at
