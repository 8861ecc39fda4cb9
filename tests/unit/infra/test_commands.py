"""The command line: ports, options, and one clear line with its exit code."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.cli import main, parser
from infra.deployments import deployment_from
from infra.errors import InfraError

COMMANDS = ("local", "up", "publish", "seed", "exam", "down", "check", "demo")


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_busy_port_is_one_line_and_exit_code_2(
    busy_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["local", "--port", str(busy_port), "--data", str(tmp_path)])
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert f"Port {busy_port} is in use" in said.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([command, "--help"])
    assert ended.value.code == 0
    assert "--stage" in capsys.readouterr().out


def test_the_port_comes_from_the_option_then_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INVIGIL_PORT", "5001")
    assert deployment_from("local", None, tmp_path).port == 5001
    assert deployment_from("local", 5002, tmp_path).port == 5002


@pytest.mark.parametrize("given", ["many", "0", "70000", ""])
def test_a_port_that_is_none_is_told(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVIGIL_PORT", given)
    with pytest.raises(InfraError, match="not a port number"):
        deployment_from("local", None, None)


def test_the_endpoint_is_the_only_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    local, real = deployment_from("local", 5001, tmp_path), deployment_from("prod", 5001, tmp_path)
    assert local.endpoint == "http://127.0.0.1:5001"
    assert local.page_origins == ["http://localhost:5001", "http://127.0.0.1:5001"]
    assert real.endpoint is None
    assert real.page_origins == []


def test_entering_a_site_leaves_the_environment_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with deployment_from("local", 5001, tmp_path).activated():
        assert os.environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:5001"
    assert "AWS_ENDPOINT_URL" not in os.environ
