"""The policy of the published pages: which hosts it names, on which AWS."""

import hashlib
from pathlib import Path

import pytest

from infra.content_policy import MARKS, PageHosts, page_hosts, with_hosts
from infra.deployments import Deployment
from infra.endpoints import endpoints_of
from tests.unit.infra.test_pages import FixedAccountAws, write_deployment_record

API, SOCKET, MEDIA = MARKS
POLICY = f"connect-src 'self' {API} {SOCKET} {MEDIA}; img-src {MEDIA}"
BUILT = {
    "exam/index.html": f'<meta content="{POLICY}">'.encode(),
    "console/index.html": f'<meta content="{POLICY}">'.encode(),
    "assets/exam-12345678.js": f"'{API}'".encode(),
}


def hosts_of(deployment: Deployment) -> PageHosts:
    aws = FixedAccountAws(deployment)
    return page_hosts(deployment, aws, endpoints_of(deployment, aws))


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("us-east-1", "s3.us-east-1.amazonaws.com"),
        ("cn-north-1", "s3.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_published_pages_name_the_hosts_of_the_stage_and_no_other(
    region: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, region)
    deployment = Deployment(stage="prod", root=tmp_path)
    write_deployment_record(deployment)
    media = f"https://invigil-prod-media-000000000000.{suffix}"
    evidence = f"https://invigil-prod-evidence-000000000000.{suffix}"
    api = "r1.execute-api.us-east-1.amazonaws.com"
    socket = "w1.execute-api.us-east-1.amazonaws.com"
    pages = with_hosts(BUILT, hosts_of(deployment))
    assert pages["exam/index.html"].decode() == (
        f"<meta content=\"connect-src 'self' https://{api} wss://{socket} {media}; img-src {media}\">"
    )
    assert f"img-src {media} {evidence}" in pages["console/index.html"].decode()
    text = b"".join(pages[f"{name}/index.html"] for name in ("exam", "console")).decode()
    assert "localhost" not in text
    assert "127.0.0.1" not in text
    assert not any(mark in text for mark in MARKS)
    assert pages["assets/exam-12345678.js"] == BUILT["assets/exam-12345678.js"]


def test_local_pages_name_the_local_port_only(tmp_path: Path) -> None:
    deployment = Deployment(port=5001, data=tmp_path)
    write_deployment_record(deployment)
    hosts = hosts_of(deployment)
    assert (hosts.api, hosts.socket) == ("http://localhost:5001", "ws://localhost:5001")
    assert hosts.media == hosts.evidence == "http://localhost:5001 http://127.0.0.1:5001"


def test_worker_knows_the_page_as_it_is_published() -> None:
    page = BUILT["exam/index.html"]
    built = {**BUILT, "exam/sw.js": f'const v="{hashlib.sha256(page).hexdigest()}"'.encode()}
    published = with_hosts(built, PageHosts("https://a", "wss://s", "https://m", "https://e"))
    digest = hashlib.sha256(published["exam/index.html"]).hexdigest()
    assert published["exam/sw.js"].decode() == f'const v="{digest}"'
