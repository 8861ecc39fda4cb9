"""Clients for what the tests look at and the commands do not."""

import socket
from typing import Any

import boto3

from infra.deployments import Deployment


def client(deployment: Deployment, service: str) -> Any:
    """A client of any service of the site."""
    return boto3.client(
        service,
        endpoint_url=deployment.endpoint,
        region_name=deployment.env["AWS_REGION"],
        aws_access_key_id=deployment.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=deployment.env["AWS_SECRET_ACCESS_KEY"],
    )


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
