"""Missing and outdated tools are reported, one line each."""

from pathlib import Path

import pytest

from infra.bootstrap import LIBRARIES, PROGRAMS, package_problems, tool_problems


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


def install_script(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_missing_packages_of_the_browser_tests_are_installed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    install_fake_tools(tmp_path, **dict.fromkeys(PROGRAMS, "1"))
    (tmp_path / "firefox-esr").unlink()
    installed = "\n".join(f"{name} installed" for name in LIBRARIES[1:])
    install_script(tmp_path, "dpkg-query", f"echo '{installed}'")
    install_script(tmp_path, "fc-list", "echo Noto Sans CJK SC")
    install_script(tmp_path, "sudo", '"$@"')
    install_script(tmp_path, "apt-get", f'echo "$@" >> {calls}')
    monkeypatch.setenv("PATH", str(tmp_path))
    assert package_problems() == []
    _, install = calls.read_text().splitlines()
    assert install.split()[-2:] == ["firefox-esr", LIBRARIES[0]]
    assert "install" in install


def test_no_package_manager_is_asked_when_everything_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_fake_tools(tmp_path, **dict.fromkeys(PROGRAMS, "1"))
    install_script(tmp_path, "fc-list", "echo Noto Sans CJK SC")
    install_script(tmp_path, "apt-get", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert package_problems() == []


def test_failed_installation_and_missing_package_manager_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_script(tmp_path, "fc-list", "true")
    monkeypatch.setenv("PATH", str(tmp_path))
    [problem] = package_problems()
    assert problem.startswith("The browser tests require chromium, ")
    install_script(tmp_path, "sudo", '"$@"')
    install_script(tmp_path, "apt-get", "exit 100")
    [problem] = package_problems()
    assert problem.startswith("apt-get could not install chromium, ")
