"""API tokens and socket tickets."""

from dataclasses import replace

from chalicelib.domain.types import MINUTE, Millis, Role
from chalicelib.services.ports import AppContext, Claims

API_AUDIENCE = "api"
SOCKET_AUDIENCE = "socket"
TOKEN_TTL: Millis = 12 * 60 * MINUTE
TICKET_TTL: Millis = MINUTE


def issue_token(
    context: AppContext, role: Role, subject: str, now: Millis, *, generation: int = 1
) -> tuple[str, Millis]:
    """Return a token for the API and when it expires."""
    claims = Claims(role, subject, now + TOKEN_TTL, generation=generation)
    return context.tokens.issue(claims, API_AUDIENCE), claims.expires_at


def issue_socket_ticket(context: AppContext, claims: Claims) -> tuple[str, Millis]:
    """Return a ticket that opens a socket for the same caller within a minute, and its expiry.

    A socket's address ends up in access logs; by then the ticket has expired.
    """
    expires_at = context.clock() + TICKET_TTL
    return context.tokens.issue(replace(claims, expires_at=expires_at), SOCKET_AUDIENCE), expires_at
