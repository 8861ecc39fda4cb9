"""Tools that are missing or too old are told in one line each."""

from pathlib import Path

import pytest

from infra.bootstrap import tool_problems


def install_fake_tools(folder: Path, **versions: str) -> None:
    for name, version in versions.items():
        script = folder / name
        script.write_text(f"#!/bin/sh\necho {version}\n")
        script.chmod(0o755)


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        ({"node": "v22.1.0", "npm": "10.0.0"}, []),
        ({"node": "v18.20.1", "npm": "10.0.0"}, ["found 18.20.1"]),
        ({"npm": "10.0.0"}, ["found none"]),
        ({}, ["found none", "npm is needed"]),
    ],
)
def test_tools_are_checked(
    versions: dict[str, str], told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_fake_tools(tmp_path, **versions)
    monkeypatch.setenv("PATH", str(tmp_path))
    problems = tool_problems()
    assert len(problems) == len(told)
    for problem, part in zip(problems, told, strict=True):
        assert part in problem
        assert "\n" not in problem
