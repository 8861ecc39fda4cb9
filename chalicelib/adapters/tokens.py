"""Signed tokens (JWT, HS256); the key is read once."""

from collections.abc import Callable
from functools import cached_property

import jwt

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.types import SECOND, Millis, Role, SittingKind
from chalicelib.services.ports import ClaimedSitting, Claims

ALGORITHM = "HS256"


class JwtTokens:
    """Implements the port `Tokens`; `purpose` is the token's audience."""

    def __init__(self, read_key: Callable[[], str]) -> None:
        self._read_key = read_key

    @cached_property
    def _key(self) -> str:
        return self._read_key()

    def issue(self, claims: Claims, purpose: str) -> str:
        payload: dict[str, object] = {
            "aud": purpose,
            "sub": claims.subject,
            "role": claims.role.value,
            "exp": claims.expires_at / SECOND,
        }
        if claims.sitting is not None:
            payload["sitting"] = [claims.sitting.subject_id, claims.sitting.kind.value]
        if claims.seb_verified:
            payload["seb_verified"] = True
        payload["generation"] = claims.generation
        return jwt.encode(payload, self._key, ALGORITHM)

    def read(self, token: str, purpose: str, now: Millis) -> Claims:
        try:
            payload = jwt.decode(
                token,
                self._key,
                [ALGORITHM],
                audience=purpose,
                options={"require": ["aud", "sub", "exp"], "verify_exp": False},
            )
            claims = _claims(payload)
        except (jwt.InvalidTokenError, KeyError, ValueError):
            raise NotSignedIn from None
        # Expiry is checked here, against the caller's clock.
        if claims.expires_at <= now:
            raise NotSignedIn
        return claims


def _claims(payload: dict[str, object]) -> Claims:
    sitting = payload.get("sitting")
    return Claims(
        role=Role(str(payload["role"])),
        subject=str(payload["sub"]),
        expires_at=int(float(str(payload["exp"])) * SECOND),
        sitting=ClaimedSitting(str(sitting[0]), SittingKind(sitting[1]))
        if isinstance(sitting, list)
        else None,
        seb_verified=payload.get("seb_verified") is True,
        generation=int(str(payload.get("generation", 1))),
    )
