"""The ports `Tokens`, `Passwords` and `OneTimeCodes`, on the fake and on the real one."""

import base64
import json

import jwt
import pytest

from chalicelib.adapters.tokens import KEYS_TTL, MIN_READ_INTERVAL, JwtTokens, SigningKey
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.types import MINUTE, SECOND, Role, SittingKind
from chalicelib.services.ports import ClaimedSitting, Claims, Passwords, Tokens
from tests.integration.store.conftest import Authenticator
from tests.support.builders import NOW
from tests.support.fakes import FakeClock

STEP = 30 * SECOND
FIRST_KEY = SigningKey("first", "k" * 64)
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


def signed(content: dict[str, object], key: str, algorithm: str = "HS256") -> str:
    """Return a token that names the key that holds."""
    return jwt.encode(content, key, algorithm, headers={"kid": FIRST_KEY.key_id})


def unsigned() -> str:
    parts = ({"alg": "none", "typ": "JWT", "kid": FIRST_KEY.key_id}, payload())
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )


@pytest.mark.parametrize(
    "forged",
    [
        signed(payload(), "another key" * 8),
        signed(payload(), "k" * 64, "HS384"),
        jwt.encode(payload(), "k" * 64, "HS256"),
        jwt.encode(payload(), "k" * 64, "HS256", headers={"kid": "unknown"}),
        f"{unsigned()}.",
        *(signed(payload(**{name: None}), "k" * 64) for name in payload()),
        signed(payload(role="root"), "k" * 64),
        signed(payload(exp="soon"), "k" * 64),
    ],
)
def test_forged_token_is_rejected(forged: str) -> None:
    with pytest.raises(NotSignedIn):
        JwtTokens(lambda: [FIRST_KEY], lambda: NOW).read(forged, "api", NOW)


class KeyStore:
    """Keys that rotate, as instances of the API read them; the last two hold."""

    def __init__(self) -> None:
        self.keys = [FIRST_KEY]
        self.reads = 0
        self.clock = FakeClock()

    def rotate(self) -> None:
        number = len(self.keys) + 1
        self.keys.insert(0, SigningKey(f"key-{number}", f"{number}" * 64))

    def instance(self) -> JwtTokens:
        return JwtTokens(self._read, self.clock)

    def _read(self) -> list[SigningKey]:
        self.reads += 1
        return self.keys[:2]


class TestRotation:
    def test_sign_in_outlives_one_rotation_and_ends_with_the_second(self) -> None:
        store = KeyStore()
        instance = store.instance()
        token = instance.issue(CLAIMS, "api")
        store.rotate()
        assert store.instance().read(token, "api", NOW) == CLAIMS
        store.rotate()
        with pytest.raises(NotSignedIn):
            store.instance().read(token, "api", NOW)

    def test_instance_that_knows_the_old_keys_only_reads_a_new_token(self) -> None:
        store = KeyStore()
        old = store.instance()
        old.issue(CLAIMS, "api")
        store.rotate()
        token = store.instance().issue(CLAIMS, "api")
        store.clock.advance(MIN_READ_INTERVAL)
        assert old.read(token, "api", NOW) == CLAIMS

    def test_dropped_key_signs_nobody_in_after_five_minutes(self) -> None:
        store = KeyStore()
        instance = store.instance()
        token = instance.issue(CLAIMS, "api")
        store.rotate()
        store.rotate()
        store.clock.advance(KEYS_TTL)
        with pytest.raises(NotSignedIn):
            instance.read(token, "api", NOW)

    def test_flood_of_unknown_keys_reads_the_keys_once(self) -> None:
        store = KeyStore()
        instance = store.instance()
        for number in range(50):
            forged = jwt.encode(payload(), "x" * 64, "HS256", headers={"kid": f"{number}"})
            with pytest.raises(NotSignedIn):
                instance.read(forged, "api", NOW)
        assert store.reads == 1


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
