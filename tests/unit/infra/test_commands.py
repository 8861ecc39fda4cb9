"""The command line: ports, options, one-line errors and exit codes."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.cli import main, parser
from infra.deployments import deployment_from
from infra.errors import InfraError

COMMANDS = (
    "local",
    "deploy",
    "up",
    "publish",
    "seed",
    "exam",
    "record-figures",
    "costs",
    "recordings",
    "rotate-key",
    "down",
    "check",
    "demo",
)


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_port_in_use_is_reported_in_one_line_with_exit_code_2(
    busy_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["local", "--port", str(busy_port), "--data", str(tmp_path)])
    output = capsys.readouterr()
    assert code == 2
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert f"Port {busy_port} is in use" in output.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        parser().parse_args([command, "--help"])
    assert exited.value.code == 0
    assert "--stage" in capsys.readouterr().out


def test_port_option_overrides_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INVIGIL_PORT", "5001")
    assert deployment_from("local", None, tmp_path).port == 5001
    assert deployment_from("local", 5002, tmp_path).port == 5002


@pytest.mark.parametrize("value", ["many", "0", "70000", ""])
def test_invalid_port_is_rejected(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVIGIL_PORT", value)
    with pytest.raises(InfraError, match="not a port number"):
        deployment_from("local", None, None)


def test_local_and_aws_stages_differ_in_endpoint_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    local, real = deployment_from("local", 5001, tmp_path), deployment_from("prod", 5001, tmp_path)
    assert local.endpoint == "http://127.0.0.1:5001"
    assert local.page_origins == ["http://localhost:5001", "http://127.0.0.1:5001"]
    assert real.endpoint is None
    assert real.page_origins == []


def test_activated_deployment_restores_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with deployment_from("local", 5001, tmp_path).activated():
        assert os.environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:5001"
    assert "AWS_ENDPOINT_URL" not in os.environ
