"""The ports `Tokens`, `Passwords` and `OneTimeCodes`, on the fake and on the real one."""

import base64
import json

import jwt
import pytest

from chalicelib.adapters.tokens import JwtTokens
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.types import MINUTE, SECOND, Role, SittingKind
from chalicelib.services.ports import ClaimedSitting, Claims, Passwords, Tokens
from tests.integration.store.conftest import Authenticator
from tests.support.builders import NOW

STEP = 30 * SECOND
CLAIMS = Claims(
    Role.CANDIDATE, "5e55", NOW + MINUTE, ClaimedSitting("subject-1", SittingKind.TRIAL)
)


def test_token_returns_its_claims(tokens: Tokens) -> None:
    for claims in (CLAIMS, Claims(Role.ADMIN, "admin", NOW + 1)):
        assert tokens.read(tokens.issue(claims, "api"), "api", NOW) == claims


def test_expired_token_is_rejected(tokens: Tokens) -> None:
    token = tokens.issue(CLAIMS, "api")
    tokens.read(token, "api", CLAIMS.expires_at - 1)
    with pytest.raises(NotSignedIn):
        tokens.read(token, "api", CLAIMS.expires_at)


def test_token_for_another_purpose_is_rejected(tokens: Tokens) -> None:
    with pytest.raises(NotSignedIn):
        tokens.read(tokens.issue(CLAIMS, "socket"), "api", NOW)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "token-0", "." * 5_000])
def test_malformed_token_is_rejected(tokens: Tokens, token: str) -> None:
    with pytest.raises(NotSignedIn):
        tokens.read(token, "api", NOW)


def payload(**changes: object) -> dict[str, object]:
    claims = {"aud": "api", "sub": "5e55", "role": "admin", "exp": (NOW + MINUTE) / 1000}
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def unsigned() -> str:
    parts = ({"alg": "none", "typ": "JWT"}, payload())
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )


@pytest.mark.parametrize(
    "forged",
    [
        jwt.encode(payload(), "another key" * 8, "HS256"),
        jwt.encode(payload(), "k" * 64, "HS384"),
        f"{unsigned()}.",
        *(jwt.encode(payload(**{name: None}), "k" * 64, "HS256") for name in payload()),
        jwt.encode(payload(role="root"), "k" * 64, "HS256"),
        jwt.encode(payload(exp="soon"), "k" * 64, "HS256"),
    ],
)
def test_forged_token_is_rejected(forged: str) -> None:
    with pytest.raises(NotSignedIn):
        JwtTokens(lambda: "k" * 64).read(forged, "api", NOW)


class TestOneTimeCodes:
    @pytest.mark.parametrize("late", [-1, 0, 1])
    def test_code_within_the_drift_returns_its_time_step(
        self, authenticator: Authenticator, late: int
    ) -> None:
        codes, app_code = authenticator
        secret, step = codes.new_secret(), NOW // STEP
        assert codes.time_step(secret, app_code(secret, step), NOW + late * STEP) == step

    @pytest.mark.parametrize("late", [-2, 2])
    def test_code_outside_the_drift_has_no_time_step(
        self, authenticator: Authenticator, late: int
    ) -> None:
        codes, app_code = authenticator
        secret = codes.new_secret()
        assert codes.time_step(secret, app_code(secret, NOW // STEP), NOW + late * STEP) is None
        assert codes.time_step(secret, "12345", NOW) is None
        assert codes.time_step(secret, "", NOW) is None

    def test_provisioning_uri_contains_secret_and_name(self, authenticator: Authenticator) -> None:
        codes, _ = authenticator
        address = codes.provisioning_uri("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "proctor")
        assert address.startswith("otpauth://totp/")
        assert "secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" in address
        assert "proctor" in address


def test_password_matches_its_hash_only(passwords: Passwords) -> None:
    stored = passwords.hash("口令 secret")
    assert passwords.matches("口令 secret", stored)
    assert not passwords.matches("口令 Secret", stored)
    assert not passwords.matches("口令 secret", "no hash at all")
