"""Every address that depends on the region, in old and new regions and in both partitions."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chalicelib.adapters.evidence_bucket import S3EvidenceStore
from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.api.gateway import request_url, socket_endpoint
from infra.api_record import require_region
from infra.aws import Aws
from infra.buckets import web_origin
from infra.deployments import Deployment, deployment_from
from infra.endpoints import pages_url
from infra.errors import InfraError
from tests.unit.infra.test_pages import FixedAccountAws

REGIONS = {
    "us-east-1": "us-east-1.amazonaws.com",
    "ap-east-1": "ap-east-1.amazonaws.com",
    "eu-central-1": "eu-central-1.amazonaws.com",
    "cn-north-1": "cn-north-1.amazonaws.com.cn",
}


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "test")
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", name)
    return name


def host(url: str) -> str:
    return urlsplit(url).netloc


def test_presigned_addresses_name_the_region(region: str) -> None:
    media = S3MediaStore("stage-media")
    evidence = S3EvidenceStore("stage-evidence", media)
    form = media.upload_form("snapshots/1.jpg", "image/jpeg", 10, 60)
    assert host(form.url) == f"stage-media.s3.{REGIONS[region]}"
    assert host(media.view_url("snapshots/1.jpg")) == f"stage-media.s3.{REGIONS[region]}"
    assert host(evidence.view_url("1.jpg")) == f"stage-evidence.s3.{REGIONS[region]}"


def test_pages_are_at_the_regions_host(region: str) -> None:
    deployment = Deployment(stage="prod")
    aws = FixedAccountAws(deployment)
    address = f"https://invigil-prod-web-000000000000.s3.{REGIONS[region]}"
    assert pages_url(deployment, aws) == web_origin(deployment, aws) == address


def test_addresses_of_the_api_are_the_gateways(region: str) -> None:
    domain = f"abc.execute-api.{REGIONS[region]}"
    context = {"domainName": domain, "stage": "api", "apiId": "abc", "path": "/api/exams/1"}
    assert socket_endpoint(context) == f"https://{domain}/api"
    assert request_url(context, {}) == f"https://{domain}/api/exams/1"


def test_all_parts_of_a_stage_are_sent_to_one_region(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_REGION", region)
    deployment = deployment_from("prod", 5001, None)
    assert deployment.env["AWS_DEFAULT_REGION"] == deployment.env["AWS_REGION"] == region
    assert Aws(deployment).region == region


def test_two_different_regions_are_refused(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", f"{region}9")
    with pytest.raises(InfraError, match="different regions"):
        Aws(Deployment(stage="prod"))


def test_missing_region_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(InfraError, match="No AWS region"):
        Aws(Deployment(stage="prod"))


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
def test_stray_endpoint_does_not_redirect_a_stage(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:4566")
    with pytest.raises(InfraError, match=f"{name} is set: stage «prod»"):
        Aws(Deployment(stage="prod"))


def test_record_of_another_regions_api_is_refused(region: str) -> None:
    def record(host: str) -> str:
        resource = {"resource_type": "rest_api", "rest_api_url": f"https://{host}/api"}
        return json.dumps({"resources": [{"resource_type": "lambda_function"}, resource]})

    require_region(record(f"a1.execute-api.{REGIONS[region]}"), region)
    with pytest.raises(InfraError, match=f"the region is {region}"):
        require_region(record("a1.execute-api.eu-west-3.amazonaws.com"), region)
