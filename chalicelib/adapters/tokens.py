"""Signed tokens (JWT, HS256). Keys rotate: the newest signs, the one before it still verifies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import jwt

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.types import MINUTE, SECOND, Millis, Role, SittingKind
from chalicelib.services.ports import ClaimedSitting, Claims

ALGORITHM = "HS256"

KEYS_TTL: Millis = 5 * MINUTE
"""After so long every instance has read the keys again: a key that was dropped signs nobody in."""
MIN_READ_INTERVAL: Millis = 10 * SECOND
"""Tokens that name an unknown key make the keys be read again, no more often than this."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key and its id, which each token of it names (`kid`)."""

    key_id: str
    key: str


type ReadKeys = Callable[[], Sequence[SigningKey]]
"""Returns the keys that hold, the newest first."""


class JwtTokens:
    """Implements the port `Tokens`; `purpose` is the token's audience."""

    def __init__(self, read_keys: ReadKeys, clock: Callable[[], Millis]) -> None:
        self._read_keys = read_keys
        self._clock = clock
        self._keys: Sequence[SigningKey] = ()
        self._read_at: Millis | None = None

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
        newest = self._current_keys(KEYS_TTL)[0]
        return jwt.encode(payload, newest.key, ALGORITHM, headers={"kid": newest.key_id})

    def read(self, token: str, purpose: str, now: Millis) -> Claims:
        try:
            payload = jwt.decode(
                token,
                self._key_of(token),
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

    def _key_of(self, token: str) -> str:
        """Return the key that a token names. Raises KeyError where no such key holds."""
        key_id = jwt.get_unverified_header(token)["kid"]
        for max_age in (KEYS_TTL, MIN_READ_INTERVAL):
            for key in self._current_keys(max_age):
                if key.key_id == key_id:
                    return key.key
        raise KeyError(key_id)

    def _current_keys(self, max_age: Millis) -> Sequence[SigningKey]:
        now = self._clock()
        if self._read_at is None or now - self._read_at >= max_age:
            self._keys, self._read_at = self._read_keys(), now
        return self._keys


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
