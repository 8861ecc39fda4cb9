"""Each port twice: in memory, and over the deployed tables."""

import uuid
from collections.abc import Callable

import pytest
from pyotp import TOTP

from chalicelib.adapters.passcode_store import SsmPasscodes
from chalicelib.adapters.passwords import Argon2Passwords
from chalicelib.adapters.tokens import JwtTokens, SigningKey
from chalicelib.adapters.totp import TotpCodes
from chalicelib.domain.types import Millis
from chalicelib.services.ports import (
    AppContext,
    Connections,
    ExamRegistry,
    MessageStore,
    OneTimeCodes,
    Passcodes,
    Passwords,
    SessionStore,
    SmsBatches,
    Tokens,
)
from chalicelib.store.registry import DynamoExamRegistry
from chalicelib.wiring.settings import now as real_now
from chalicelib.wiring.settings import settings
from tests.support.builders import NOW
from tests.support.fake_sessions import FakeMessageStore, FakeSessionStore
from tests.support.fakes import (
    FakeConnections,
    FakeExamRegistry,
    FakeOneTimeCodes,
    FakePasscodes,
    FakePasswords,
    FakeSmsBatches,
    FakeTokens,
)

BOTH = pytest.mark.parametrize(
    "kind",
    ["fake", pytest.param("dynamo", marks=pytest.mark.integration)],
    indirect=True,
)


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _real(request: pytest.FixtureRequest) -> AppContext:
    context: AppContext = request.getfixturevalue("context")
    return context


@pytest.fixture
def sessions(kind: str, request: pytest.FixtureRequest) -> SessionStore:
    return FakeSessionStore() if kind == "fake" else _real(request).sessions


@pytest.fixture
def messages(sessions: SessionStore, request: pytest.FixtureRequest) -> MessageStore:
    if isinstance(sessions, FakeSessionStore):
        return FakeMessageStore(sessions)
    return _real(request).messages


@pytest.fixture
def registry(kind: str, request: pytest.FixtureRequest) -> ExamRegistry:
    return FakeExamRegistry() if kind == "fake" else _real(request).registry


@pytest.fixture
def other_registry(
    kind: str, registry: ExamRegistry, request: pytest.FixtureRequest
) -> ExamRegistry:
    """The registry as another worker sees it, which has a cache of its own."""
    if kind == "fake":
        return registry
    return DynamoExamRegistry(settings().registry_table, request.getfixturevalue("context").clock)


@pytest.fixture
def sms_batches(kind: str, request: pytest.FixtureRequest) -> SmsBatches:
    return FakeSmsBatches() if kind == "fake" else _real(request).sms_batches


@pytest.fixture
def passcodes(kind: str, request: pytest.FixtureRequest) -> Passcodes:
    return FakePasscodes() if kind == "fake" else _real(request).passcodes


@pytest.fixture
def other_passcodes(kind: str, passcodes: Passcodes) -> Passcodes:
    """The passcodes as another worker sees them, which has read none yet."""
    return passcodes if kind == "fake" else SsmPasscodes(settings().stage, real_now)


@pytest.fixture
def connections(kind: str, request: pytest.FixtureRequest) -> Connections:
    return FakeConnections() if kind == "fake" else _real(request).connections


@pytest.fixture(params=["fake", "jwt"])
def tokens(request: pytest.FixtureRequest) -> Tokens:
    keys = [SigningKey("first", "k" * 64)]
    return FakeTokens() if request.param == "fake" else JwtTokens(lambda: keys, lambda: NOW)


@pytest.fixture(params=["fake", "argon2"])
def passwords(request: pytest.FixtureRequest) -> Passwords:
    return FakePasswords() if request.param == "fake" else Argon2Passwords()


type Authenticator = tuple[OneTimeCodes, Callable[[str, int], str]]
"""The port, and a function that returns an app's code for a secret and a time step."""


@pytest.fixture(params=["fake", "totp"])
def authenticator(request: pytest.FixtureRequest) -> Authenticator:
    fake = FakeOneTimeCodes()
    if request.param == "fake":
        return fake, fake.code
    return TotpCodes(), lambda secret, step: TOTP(secret).generate_otp(step)


@pytest.fixture
def unique_id() -> str:
    """A unique id; like a session's, it begins with a hexadecimal digit."""
    return uuid.uuid4().hex


@pytest.fixture
def now() -> Millis:
    """The real time: the deployed scheduler queries these sessions too, and must find none due."""
    return real_now()
