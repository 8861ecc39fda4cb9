"""Runs a TURN server and configures it as the product's only ICE server."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3

from chalicelib.domain.types import MINUTE
from chalicelib.wiring.settings import now, settings
from tests.support.deployed_exam import DeployedExam
from tests.support.polling import wait_for

SECRET = "a test secret"


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def turn_relay(deployed: DeployedExam, folder: Path) -> Iterator[None]:
    """Run coturn on this machine for the block; all calls are relayed through it."""
    program = shutil.which("turnserver")
    assert program, "coturn is not installed: apt-get install coturn"
    port = _free_port()
    command = [
        program, "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1",
        f"--listening-port={port}", "--min-port=49160", "--max-port=49360",
        "--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=invigil.test",
        "--allow-loopback-peers", "--no-cli", "--cli-password=unused", "--no-tls", "--no-dtls",
        "--no-software-attribute", "--log-file=stdout", "--simple-log",
        f"--pidfile={folder / 'turn.pid'}", f"--userdb={folder / 'turn.db'}",
    ]  # fmt: skip
    with (folder / "turn.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: _is_listening(port), "the TURN server")
        with _configured(deployed, port):
            yield
    finally:
        process.terminate()
        process.wait(10)


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _configured(deployed: DeployedExam, port: int) -> Iterator[None]:
    secrets, name = boto3.client("secretsmanager"), settings().ice_secret
    original = secrets.get_secret_value(SecretId=name)["SecretString"]
    urls = [f"turn:127.0.0.1:{port}?transport=udp"]
    config = {"stun": [], "turn": urls, "turn_secret": SECRET, "relay_only": True}

    def put(value: str) -> None:
        secrets.put_secret_value(SecretId=name, SecretString=value)
        written = now() // MINUTE
        # Every worker keeps what it read for the rest of that minute: one new response proves
        # nothing about the others.
        wait_for(lambda: now() // MINUTE > written, "the next minute", 90)

    put(json.dumps(config))
    try:
        assert deployed.proctor_client.get("/live/ice")["servers"]
        yield
    finally:
        put(original)
