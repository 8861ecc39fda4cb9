"""Published pages: content types, caching and URLs."""

import gzip
import json
from pathlib import Path

import pytest

from infra.aws import Aws
from infra.deployments import Deployment
from infra.endpoints import endpoints_of
from infra.errors import InfraError
from infra.publish import (
    IMMUTABLE,
    REVALIDATE,
    cache_control,
    content_encoding,
    content_type,
    encode,
)


@pytest.mark.parametrize(
    ("key", "kind", "cache"),
    [
        ("exam/index.html", "text/html; charset=utf-8", REVALIDATE),
        ("exam/sw.js", "text/javascript; charset=utf-8", REVALIDATE),
        ("config.json", "application/json", REVALIDATE),
        ("assets/exam-Bc12_d-X.js", "text/javascript; charset=utf-8", IMMUTABLE),
        ("assets/style-DkP0aZ19.css", "text/css; charset=utf-8", IMMUTABLE),
        ("assets/font-DkP0aZ19.woff2", "font/woff2", IMMUTABLE),
        ("favicon.svg", "image/svg+xml", REVALIDATE),
        ("thing", "application/octet-stream", REVALIDATE),
    ],
)
def test_file_has_content_type_and_cache_control(key: str, kind: str, cache: str) -> None:
    assert (content_type(key), cache_control(key)) == (kind, cache)


@pytest.mark.parametrize(
    ("key", "size", "encoding"),
    [
        ("exam/index.html", 2_000, "gzip"),
        ("assets/exam-Bc12_d-X.js", 90_000, "gzip"),
        ("assets/style-DkP0aZ19.css", 2_000, "gzip"),
        ("assets/style-DkP0aZ19.css", 200, None),
        ("assets/font-DkP0aZ19.woff2", 90_000, None),  # compressed already
        ("config.json", 2_000, None),  # read by other machines, as it is
    ],
)
def test_text_is_stored_compressed(key: str, size: int, encoding: str | None) -> None:
    content = b"a" * size
    assert content_encoding(key, content) == encoding


def test_compressed_file_is_the_same_each_time() -> None:
    content = b"const answer = 42;" * 100
    stored = encode(content, "gzip")
    assert gzip.decompress(stored) == content
    assert stored == encode(content, "gzip")
    assert encode(content, None) == content


def write_deployment_record(deployment: Deployment) -> None:
    resources = [
        {
            "resource_type": "rest_api",
            "rest_api_id": "r1",
            "rest_api_url": "https://r1.execute-api.us-east-1.amazonaws.com/api/",
        },
        {
            "resource_type": "websocket_api",
            "websocket_api_id": "w1",
            "websocket_api_url": "wss://w1.execute-api.us-east-1.amazonaws.com/api/",
        },
    ]
    deployment.deployed_file.parent.mkdir(parents=True)
    deployment.deployed_file.write_text(json.dumps({"resources": resources}))


class FixedAccountAws(Aws):
    account = "000000000000"


def test_local_urls_use_the_local_port(tmp_path: Path) -> None:
    deployment = Deployment(port=5001, data=tmp_path)
    write_deployment_record(deployment)
    endpoints = endpoints_of(deployment, FixedAccountAws(deployment))
    assert endpoints.api_url == "http://localhost:5001/_aws/execute-api/r1/api"
    assert endpoints.ws_url == "ws://localhost:5001/_aws/execute-api/w1/api"
    assert endpoints.page("exam") == (
        "http://localhost:5001/invigil-local-web-000000000000/exam/index.html"
    )


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-central-1", "invigil-prod-web-000000000000.s3.eu-central-1.amazonaws.com"),
        ("cn-north-1", "invigil-prod-web-000000000000.s3.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_aws_urls_are_those_of_chalice_and_the_bucket(
    region: str, host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, region)
    deployment = Deployment(stage="prod", root=tmp_path)
    write_deployment_record(deployment)
    endpoints = endpoints_of(deployment, FixedAccountAws(deployment))
    assert endpoints.api_url == "https://r1.execute-api.us-east-1.amazonaws.com/api"
    assert endpoints.pages_url == f"https://{host}"


def test_urls_before_a_deployment_raise_a_hint(tmp_path: Path) -> None:
    deployment = Deployment(data=tmp_path)
    with pytest.raises(InfraError, match="infra deploy --stage local"):
        endpoints_of(deployment, FixedAccountAws(deployment))
