"""Rotating the key that signs tokens, in a secret of the local AWS beside the stage's own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters.tokens import JwtTokens
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.types import MINUTE, Role
from chalicelib.services.ports import Claims
from chalicelib.wiring.signing_keys import signing_keys
from infra.aws import Aws
from infra.errors import InfraError
from infra.rotate_key import put_new_keys
from tests.support.builders import NOW
from tests.support.deployed_exam import DeployedExam

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

pytestmark = pytest.mark.integration

CLAIMS = Claims(Role.PROCTOR, "proctor", NOW + MINUTE)
SECRET = "invigil/rotation/token-key"


@pytest.fixture
def client(deployed: DeployedExam) -> Iterator["SecretsManagerClient"]:
    client = Aws(deployed.product.deployment).secrets
    client.create_secret(Name=SECRET, SecretString="k" * 64)
    yield client
    client.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)


def instance() -> JwtTokens:
    """An instance of the API that has just started."""
    return JwtTokens(lambda: signing_keys(SECRET), lambda: NOW)


def test_sign_ins_outlive_a_rotation_and_end_when_everybody_is_signed_out(
    client: "SecretsManagerClient",
) -> None:
    token = instance().issue(CLAIMS, "api")
    put_new_keys(client, SECRET, 1)
    assert instance().read(token, "api", NOW) == CLAIMS
    newer = instance().issue(CLAIMS, "api")
    put_new_keys(client, SECRET, 2)
    for ended in (token, newer):
        with pytest.raises(NotSignedIn):
            instance().read(ended, "api", NOW)
    assert instance().read(instance().issue(CLAIMS, "api"), "api", NOW) == CLAIMS


def test_stage_without_a_key_is_told(client: "SecretsManagerClient") -> None:
    with pytest.raises(InfraError, match="deploy the stage first"):
        put_new_keys(client, "invigil/nowhere/token-key", 1)
