"""A second machine, without the first one's files, publishes and upgrades the same stage."""

import io
import json
import shutil
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from infra.api_record import KEY, require_record_of_existing_api
from infra.aws import Aws
from infra.buckets import bucket_name
from infra.chalice_deploy import deploy_app
from infra.demo import demonstration_exam
from infra.deployments import Deployment
from infra.endpoints import endpoints_of
from infra.errors import InfraError
from infra.progress import Progress
from infra.publish import publish
from tests.support.deployed_exam import DeployedExam

pytestmark = pytest.mark.integration

QUIET = Progress(Console(file=io.StringIO()))


@pytest.fixture
def second_machine(deployed: DeployedExam, tmp_path: Path) -> Deployment:
    """The same stage at the same AWS, with none of the first machine's files."""
    first = deployed.product.deployment
    return Deployment(stage=first.stage, port=first.port, data=tmp_path / "aws")


def test_it_publishes_the_same_addresses_and_the_same_exam(
    deployed: DeployedExam, second_machine: Deployment
) -> None:
    aws = Aws(second_machine)
    web = bucket_name(second_machine, aws, "web")
    before = json.loads(aws.s3.get_object(Bucket=web, Key="config.json")["Body"].read())
    publish(second_machine, QUIET, None, demonstration_exam())
    after = json.loads(aws.s3.get_object(Bucket=web, Key="config.json")["Body"].read())
    assert after == before
    assert endpoints_of(second_machine, aws) == deployed.product.endpoints


def test_pages_arrive_compressed(deployed: DeployedExam) -> None:
    for path in ("exam", "phone", "console"):
        page = httpx.get(deployed.product.endpoints.page(path))
        assert page.headers["content-encoding"] == "gzip"
        assert int(page.headers["content-length"]) < len(page.content)
        assert page.text.lower().startswith("<!doctype html>")


def test_it_upgrades_the_api_and_makes_no_second_one(
    deployed: DeployedExam, second_machine: Deployment
) -> None:
    cache = deployed.product.deployment.app_dir / ".chalice" / "deployments"
    shutil.copytree(cache, second_machine.app_dir / ".chalice" / "deployments")
    assert deploy_app(second_machine, QUIET)
    assert endpoints_of(second_machine, Aws(second_machine)) == deployed.product.endpoints


def test_without_any_record_it_refuses(second_machine: Deployment) -> None:
    aws = Aws(second_machine)
    code = bucket_name(second_machine, aws, "code")
    record = aws.s3.get_object(Bucket=code, Key=KEY)["Body"].read()
    aws.s3.delete_object(Bucket=code, Key=KEY)
    try:
        with pytest.raises(InfraError, match="its record is neither here nor in the bucket"):
            require_record_of_existing_api(second_machine, aws)
    finally:
        aws.s3.put_object(Bucket=code, Key=KEY, Body=record)
