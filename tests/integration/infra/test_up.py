"""`up` and `down` against the local AWS, with minimal functions."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from infra import stack
from infra.aws import Aws
from infra.buckets import exists
from infra.deployments import Deployment
from infra.down import down
from infra.errors import StackFailed
from infra.local.process import local_aws
from infra.progress import Progress
from infra.up import up
from tests.integration.infra.clients import client, free_port
from tests.unit.infra.projects import HANDLER, small_project

pytestmark = pytest.mark.integration

QUIET = Progress(Console(file=io.StringIO()))


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    local = Deployment(
        port=free_port(), data=tmp_path / "aws", root=small_project(tmp_path / "project")
    )
    with local_aws(local):
        yield local


def test_up_is_idempotent_and_deploys_changed_code(deployment: Deployment) -> None:
    assert up(deployment, QUIET) == "created"
    assert up(deployment, QUIET) == "unchanged"
    secret = _secret(deployment)

    handler = deployment.root / "functions" / "notify" / "handler.py"
    handler.write_text(HANDLER + "# changed\n")
    assert up(deployment, QUIET) == "updated"
    assert up(deployment, QUIET) == "unchanged"
    assert _secret(deployment) == secret


def test_the_address_for_alarms_is_kept(deployment: Deployment) -> None:
    assert up(deployment, QUIET, alarm_email="office@example.org") == "created"
    assert up(deployment, QUIET) == "unchanged"
    described = stack.describe(Aws(deployment), deployment.stack)
    assert described
    values = {item["ParameterKey"]: item["ParameterValue"] for item in described["Parameters"]}
    assert values["AlarmEmail"] == "office@example.org"


def test_functions_are_connected_to_queues_stream_and_bucket(deployment: Deployment) -> None:
    up(deployment, QUIET)
    mappings = client(deployment, "lambda").list_event_source_mappings()["EventSourceMappings"]
    assert sorted(m["FunctionArn"].rsplit(":", 1)[1] for m in mappings) == [
        "invigil-local-notify",
        "invigil-local-recording",
        "invigil-local-retention",
        "invigil-local-sms",
        "invigil-local-sound",
        "invigil-local-vision",
    ]
    media = f"invigil-local-media-{Aws(deployment).account}"
    configuration = Aws(deployment).s3.get_bucket_notification_configuration(Bucket=media)
    prefixes = {
        rule["Value"]
        for queue in configuration["QueueConfigurations"]
        for rule in queue["Filter"]["Key"]["FilterRules"]
    }
    pictures, sounds = {"snapshots/", "identity/", "test-pictures/"}, {"clips/", "heard/"}
    assert prefixes == pictures | sounds | {"recordings/"}


def test_down_deletes_everything_and_is_idempotent(deployment: Deployment) -> None:
    up(deployment, QUIET)
    aws = Aws(deployment)
    media, code = f"invigil-local-media-{aws.account}", f"invigil-local-code-{aws.account}"
    aws.s3.put_object(Bucket=media, Key="snapshots/one.jpg", Body=b"x")
    down(deployment, QUIET)
    down(deployment, QUIET)
    assert stack.describe(aws, deployment.stack) is None
    assert not exists(aws, media)
    assert not exists(aws, code)
    assert client(deployment, "dynamodb").list_tables()["TableNames"] == []


def test_failed_stack_reports_the_reason(deployment: Deployment, tmp_path: Path) -> None:
    template = tmp_path / "broken.yaml"
    template.write_text(
        "Resources:\n"
        "  Broken:\n"
        "    Type: AWS::SSM::Parameter\n"
        "    Properties: {Type: SecureString, Value: x}\n"
    )
    with pytest.raises(StackFailed, match=r"Stack broken.*Broken: "):
        stack.deploy(Aws(deployment), "broken", template, {})


def _secret(deployment: Deployment) -> str:
    secret: str = client(deployment, "secretsmanager").get_secret_value(
        SecretId="invigil/local/token-key"
    )["SecretString"]
    return secret
