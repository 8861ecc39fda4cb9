"""AWS clients that only the tests use."""

import socket
from typing import Any

import boto3

from infra.deployments import Deployment


def client(deployment: Deployment, service: str) -> Any:
    """Return a client of a service of the deployment."""
    return boto3.client(
        service,
        endpoint_url=deployment.endpoint,
        region_name=deployment.env["AWS_REGION"],
        aws_access_key_id=deployment.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=deployment.env["AWS_SECRET_ACCESS_KEY"],
    )


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
