"""The local AWS: REST APIs by import, state that outlives a stop, no orphans."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from botocore.exceptions import ClientError

from infra.aws import Aws
from infra.deployments import ROOT, Deployment
from infra.local.process import local_aws
from tests.integration.infra.clients import client, free_port

pytestmark = pytest.mark.integration

CODE = """
import os, boto3
def handle(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["TOLD"], MessageBody=str(len(event["Records"])))
"""


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(port=free_port(), data=tmp_path / "aws")


@pytest.fixture
def running(deployment: Deployment) -> Iterator[Deployment]:
    with local_aws(deployment):
        yield deployment


def swagger(*routes: str) -> bytes:
    mock = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "default": {
                "statusCode": "200",
                "responseParameters": {"method.response.header.X-Was-Here": "'yes'"},
            }
        },
    }
    method = {
        "responses": {"200": {"headers": {"X-Was-Here": {"type": "string"}}}},
        "x-amazon-apigateway-integration": mock,
    }
    document = {
        "swagger": "2.0",
        "info": {"version": "1", "title": "imported"},
        "x-amazon-apigateway-binary-media-types": ["image/*"],
        "paths": {route: {"get": method} for route in routes},
    }
    return json.dumps(document).encode()


def wait_for[T](look: Callable[[], T], seconds: float = 30) -> T:
    """Look until there is something; fail when the time is over."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)
    return seen


def test_an_imported_api_answers_and_a_second_import_replaces_it(running: Deployment) -> None:
    gateway = client(running, "apigateway")
    made = gateway.import_rest_api(
        body=swagger("/", "/a/{id}/b"), parameters={"endpointConfigurationTypes": "REGIONAL"}
    )
    gateway.create_deployment(restApiId=made["id"], stageName="api")
    base = f"{running.endpoint}/_aws/execute-api/{made['id']}/api"
    assert made["binaryMediaTypes"] == ["image/*"]
    assert httpx.get(f"{base}/a/7/b").headers["X-Was-Here"] == "yes"

    again = gateway.put_rest_api(restApiId=made["id"], mode="overwrite", body=swagger("/a/c"))
    gateway.create_deployment(restApiId=made["id"], stageName="api")
    assert again["id"] == made["id"]
    assert httpx.get(f"{base}/a/c").status_code == 200
    assert "Missing Authentication Token" in httpx.get(f"{base}/a/7/b").text
    assert "Missing Authentication Token" in httpx.get(f"{base}/").text
    assert len(gateway.get_rest_apis()["items"]) == 1


def test_replacing_an_api_that_is_not_there_is_refused(running: Deployment) -> None:
    with pytest.raises(ClientError, match="NotFoundException"):
        client(running, "apigateway").put_rest_api(
            restApiId="absent", mode="overwrite", body=swagger("/")
        )


def test_streams_reach_their_function_before_and_after_a_stop(deployment: Deployment) -> None:
    """Without mending, a mapping waits after a start for records that never come."""
    with local_aws(deployment):
        queue = _table_with_listener(deployment)
        for number in range(3):
            _put(deployment, f"before-{number}")
        wait_for(lambda: _received(deployment, queue))
    with local_aws(deployment):
        _drain(deployment, queue)
        _put(deployment, "after")
        wait_for(lambda: _received(deployment, queue))


def test_apis_and_objects_outlive_a_stop(deployment: Deployment) -> None:
    with local_aws(deployment):
        gateway = client(deployment, "apigateway")
        api = gateway.import_rest_api(body=swagger("/kept"))["id"]
        gateway.create_deployment(restApiId=api, stageName="api")
        Aws(deployment).s3.create_bucket(Bucket="kept")
        Aws(deployment).s3.put_object(
            Bucket="kept", Key="page.html", Body=b"kept", ContentType="text/html"
        )
    with local_aws(deployment):
        page = httpx.get(f"{deployment.endpoint}/kept/page.html")
        assert (page.text, page.headers["content-type"]) == ("kept", "text/html")
        assert (
            httpx.get(f"{deployment.endpoint}/_aws/execute-api/{api}/api/kept").status_code == 200
        )


def test_an_open_page_does_not_hold_up_the_stop(deployment: Deployment) -> None:
    with httpx.Client() as browser:  # it keeps its connection
        with local_aws(deployment) as process:
            Aws(deployment).s3.create_bucket(Bucket="kept")
            assert browser.get(f"{deployment.endpoint}/_ministack/health").status_code == 200
        assert process.returncode == 0, "it had to be killed"
    with local_aws(deployment):
        buckets = Aws(deployment).s3.list_buckets()["Buckets"]
        assert [def_["Name"] for def_ in buckets] == ["kept"]


def test_it_stops_when_its_parent_is_killed(deployment: Deployment) -> None:
    program = (
        "import sys, time; from pathlib import Path; from infra.deployments import Site; "
        "from infra.local.process import local_aws\n"
        f"with local_aws(Site(port={deployment.port}, data=Path({str(deployment.data)!r}))) as process:\n"
        "    print(process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    wait_for(lambda: not _is_running(child))
    assert (deployment.data / "state").is_dir()
    assert not (deployment.data / "tmp").exists()


def _table_with_listener(deployment: Deployment) -> str:
    """A table whose stream calls a function that tells a queue; returns the queue's URL."""
    queue: str = client(deployment, "sqs").create_queue(QueueName="told")["QueueUrl"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("main.py", CODE)
    table = client(deployment, "dynamodb").create_table(
        TableName="watched",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    functions = client(deployment, "lambda")
    functions.create_function(
        FunctionName="listener",
        Runtime="python3.12",
        Handler="main.handle",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": {"TOLD": queue}},
    )
    functions.create_event_source_mapping(
        FunctionName="listener",
        EventSourceArn=table["LatestStreamArn"],
        StartingPosition="TRIM_HORIZON",
    )
    return queue


def _put(deployment: Deployment, key: str) -> None:
    client(deployment, "dynamodb").put_item(TableName="watched", Item={"pk": {"S": key}})


def _received(deployment: Deployment, queue: str) -> bool:
    return bool(client(deployment, "sqs").receive_message(QueueUrl=queue).get("Messages"))


def _drain(deployment: Deployment, queue: str) -> None:
    client(deployment, "sqs").purge_queue(QueueUrl=queue)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")
