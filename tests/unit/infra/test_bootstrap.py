"""Missing and outdated tools are reported, one line each."""

from pathlib import Path

import pytest

from infra.bootstrap import tool_problems


def install_fake_tools(folder: Path, **versions: str) -> None:
    for name, version in versions.items():
        script = folder / name
        script.write_text(f"#!/bin/sh\necho {version}\n")
        script.chmod(0o755)


@pytest.mark.parametrize(
    ("versions", "messages"),
    [
        ({"node": "v22.1.0", "npm": "10.0.0"}, []),
        ({"node": "v18.20.1", "npm": "10.0.0"}, ["found 18.20.1"]),
        ({"npm": "10.0.0"}, ["found none"]),
        ({}, ["found none", "npm is required"]),
    ],
)
def test_missing_and_outdated_tools_are_reported(
    versions: dict[str, str], messages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_fake_tools(tmp_path, **versions)
    monkeypatch.setenv("PATH", str(tmp_path))
    problems = tool_problems()
    assert len(problems) == len(messages)
    for problem, message in zip(problems, messages, strict=True):
        assert message in problem
        assert "\n" not in problem
