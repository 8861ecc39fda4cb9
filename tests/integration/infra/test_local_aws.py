"""The local AWS: import of REST APIs, state that survives a restart, no orphaned processes."""

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
from infra.local.server import DISCARDED
from tests.integration.infra.clients import client, free_port

pytestmark = pytest.mark.integration

CODE = """
import os, boto3
def handle(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=str(len(event["Records"])))
"""


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(port=free_port(), data=tmp_path / "aws")


@pytest.fixture
def local_deployment(deployment: Deployment) -> Iterator[Deployment]:
    with local_aws(deployment):
        yield deployment


def swagger(*routes: str) -> bytes:
    mock = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "default": {
                "statusCode": "200",
                "responseParameters": {"method.response.header.X-Mock": "'yes'"},
            }
        },
    }
    method = {
        "responses": {"200": {"headers": {"X-Mock": {"type": "string"}}}},
        "x-amazon-apigateway-integration": mock,
    }
    document = {
        "swagger": "2.0",
        "info": {"version": "1", "title": "imported"},
        "x-amazon-apigateway-binary-media-types": ["image/*"],
        "paths": {route: {"get": method} for route in routes},
    }
    return json.dumps(document).encode()


def wait_for[T](probe: Callable[[], T], seconds: float = 30) -> T:
    """Poll until the result is true; fail at the deadline."""
    deadline = time.monotonic() + seconds
    while not (result := probe()):
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.05)
    return result


def test_imported_api_responds_and_is_replaced_by_a_second_import(
    local_deployment: Deployment,
) -> None:
    gateway = client(local_deployment, "apigateway")
    api = gateway.import_rest_api(
        body=swagger("/", "/a/{id}/b"), parameters={"endpointConfigurationTypes": "REGIONAL"}
    )
    gateway.create_deployment(restApiId=api["id"], stageName="api")
    base = f"{local_deployment.endpoint}/_aws/execute-api/{api['id']}/api"
    assert api["binaryMediaTypes"] == ["image/*"]
    assert httpx.get(f"{base}/a/7/b").headers["X-Mock"] == "yes"

    replaced = gateway.put_rest_api(restApiId=api["id"], mode="overwrite", body=swagger("/a/c"))
    gateway.create_deployment(restApiId=api["id"], stageName="api")
    assert replaced["id"] == api["id"]
    assert httpx.get(f"{base}/a/c").status_code == 200
    assert "Missing Authentication Token" in httpx.get(f"{base}/a/7/b").text
    assert "Missing Authentication Token" in httpx.get(f"{base}/").text
    assert len(gateway.get_rest_apis()["items"]) == 1


def test_replacing_a_missing_api_fails(local_deployment: Deployment) -> None:
    with pytest.raises(ClientError, match="NotFoundException"):
        client(local_deployment, "apigateway").put_rest_api(
            restApiId="absent", mode="overwrite", body=swagger("/")
        )


def test_streams_reach_their_function_before_and_after_a_restart(deployment: Deployment) -> None:
    """Without the state repair, a mapping waits for records that never arrive."""
    with local_aws(deployment):
        queue = _table_with_listener(deployment)
        for number in range(3):
            _put(deployment, f"before-{number}")
        wait_for(lambda: _received(deployment, queue))
    with local_aws(deployment):
        _drain(deployment, queue)
        _put(deployment, "after")
        wait_for(lambda: _received(deployment, queue))


def test_apis_and_objects_survive_a_restart(deployment: Deployment) -> None:
    with local_aws(deployment):
        gateway = client(deployment, "apigateway")
        api = gateway.import_rest_api(body=swagger("/saved"))["id"]
        gateway.create_deployment(restApiId=api, stageName="api")
        Aws(deployment).s3.create_bucket(Bucket="saved")
        Aws(deployment).s3.put_object(
            Bucket="saved", Key="page.html", Body=b"content", ContentType="text/html"
        )
    with local_aws(deployment):
        page = httpx.get(f"{deployment.endpoint}/saved/page.html")
        assert (page.text, page.headers["content-type"]) == ("content", "text/html")
        assert (
            httpx.get(f"{deployment.endpoint}/_aws/execute-api/{api}/api/saved").status_code == 200
        )


def test_open_connection_does_not_delay_the_stop(deployment: Deployment) -> None:
    with httpx.Client() as browser:  # keeps its connection open
        with local_aws(deployment) as process:
            Aws(deployment).s3.create_bucket(Bucket="saved")
            assert browser.get(f"{deployment.endpoint}/_ministack/health").status_code == 200
        assert process.returncode == 0, "the process had to be killed"
    with local_aws(deployment):
        buckets = Aws(deployment).s3.list_buckets()["Buckets"]
        assert [bucket["Name"] for bucket in buckets] == ["saved"]


def test_local_aws_stops_when_its_parent_is_killed(deployment: Deployment) -> None:
    program = (
        "import sys, time; from pathlib import Path; from infra.deployments import Deployment; "
        "from infra.local.process import local_aws\n"
        f"deployment = Deployment(port={deployment.port}, data=Path({str(deployment.data)!r}))\n"
        "with local_aws(deployment) as process:\n"
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
    wait_for(lambda: not list(deployment.data.glob(f"{DISCARDED}*")))


def _table_with_listener(deployment: Deployment) -> str:
    """Create a table whose stream invokes a function that sends to a queue; return its URL."""
    queue: str = client(deployment, "sqs").create_queue(QueueName="received")["QueueUrl"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("main.py", CODE)
    table = client(deployment, "dynamodb").create_table(
        TableName="records",
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
        Environment={"Variables": {"QUEUE_URL": queue}},
    )
    functions.create_event_source_mapping(
        FunctionName="listener",
        EventSourceArn=table["LatestStreamArn"],
        StartingPosition="TRIM_HORIZON",
    )
    return queue


def _put(deployment: Deployment, key: str) -> None:
    client(deployment, "dynamodb").put_item(TableName="records", Item={"pk": {"S": key}})


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
