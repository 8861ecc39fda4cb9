"""Run `chalice deploy` in the deployment's own folder, and only after a change."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from py_compile import PycInvalidationMode

from infra import stamps
from infra.api_record import require_record_of_existing_api, store_record
from infra.aws import Aws
from infra.deployments import WORK, Deployment
from infra.endpoints import endpoints_of
from infra.errors import InfraError
from infra.packages.bytecode import compile_in_place
from infra.progress import Progress, Step

PARTS = ("app.py", "chalicelib", ".chalice/config.json", "requirements.txt", "vendor")
PACKAGES = ".chalice/deployments"
CACHE = WORK / "chalice"  # shared by all local copies: installing requirements takes long
RUNTIME = (3, 12)  # of the functions in template.yaml
REQUIREMENT_ERROR = "Could not install dependencies"  # Chalice prints this and continues


def deploy_app(deployment: Deployment, progress: Progress) -> bool:
    """Deploy app.py unless the deployed version is current and responds; return whether it did.

    Raises InfraError with Chalice's error message, for another Python than the functions', and
    where the API's record is missing.
    """
    require_python(deployment)
    aws = Aws(deployment)
    with progress.step("Application") as step:
        require_record_of_existing_api(deployment, aws)
        files = _files(deployment)
        digest = stamps.digest(deployment.root, files)
        stamp = deployment.deployed_file.with_suffix(".sha256")
        if _is_current(deployment, stamp, digest):
            step.update("unchanged")
            return False
        if deployment.app_dir != deployment.root:
            mirror(deployment.root, deployment.app_dir, files)
            copy_packages(CACHE, deployment.app_dir / PACKAGES)
        # Checked against their sources, as the project's own folder may be the one deployed.
        compile_in_place(deployment.app_dir / "chalicelib", PycInvalidationMode.CHECKED_HASH)
        stamp.unlink(missing_ok=True)
        try:
            _chalice(deployment, step, "deploy", "--stage", deployment.stage)
        finally:
            store_record(deployment, aws)
        if deployment.app_dir != deployment.root:
            copy_packages(deployment.app_dir / PACKAGES, CACHE)
        stamps.write(stamp, digest)
        step.update("deployed")
    return True


def delete_app(deployment: Deployment) -> None:
    """Delete the application. Idempotent. Raises InfraError where its record is missing."""
    require_record_of_existing_api(deployment, Aws(deployment))
    if deployment.deployed_file.is_file():
        _chalice(deployment, Step("delete"), "delete", "--stage", deployment.stage)
        deployment.deployed_file.unlink(missing_ok=True)
        deployment.deployed_file.with_suffix(".sha256").unlink(missing_ok=True)


def require_python(deployment: Deployment) -> None:
    """Raise InfraError unless this is the functions' Python: Chalice deploys with its own version."""
    if not deployment.is_local and sys.version_info[:2] != RUNTIME:
        needed, here = (".".join(map(str, version[:2])) for version in (RUNTIME, sys.version_info))
        raise InfraError(f"Deploying needs Python {needed}, as the functions have; this is {here}.")


def mirror(root: Path, target: Path, files: list[Path]) -> None:
    """Copy the project's deployable files from `root` to `target`, replacing chalicelib."""
    shutil.rmtree(target / "chalicelib", ignore_errors=True)
    for path in files:
        copy = target / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)


def copy_packages(source: Path, target: Path) -> None:
    """Copy the packages that Chalice built, named by the hash of their requirements."""
    target.mkdir(parents=True, exist_ok=True)
    for path in source.glob("*.zip"):
        copy = target / path.name
        if not copy.exists():
            partial = Path(tempfile.mkstemp(dir=target, suffix=".partial")[1])
            shutil.copyfile(path, partial)
            partial.replace(copy)


def _files(deployment: Deployment) -> list[Path]:
    paths = [
        *(deployment.root / part for part in PARTS),
        *deployment.root.glob(".chalice/policy-*.json"),
    ]
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    return sorted(f for f in files if f.is_file() and "__pycache__" not in f.parts)


def _is_current(deployment: Deployment, stamp: Path, digest: str) -> bool:
    return stamps.is_current(stamp, digest) and is_responding(
        endpoints_of(deployment, Aws(deployment)).api_url
    )


def is_responding(api_url: str) -> bool:
    """Return whether the deployed API serves `/openapi.json`."""
    try:
        with urllib.request.urlopen(f"{api_url}/openapi.json", timeout=60) as response:  # noqa: S310
            return bool(response.status == 200)
    except OSError:
        return False


def _chalice(deployment: Deployment, step: Step, *arguments: str) -> None:
    command = [str(Path(sys.executable).with_name("chalice")), *arguments]
    with subprocess.Popen(  # noqa: S603
        command,
        cwd=deployment.app_dir,
        env=deployment.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        output = [line.rstrip() for line in _step_output(process, step)]
    if any(REQUIREMENT_ERROR in line for line in output):
        raise InfraError(f"chalice could not install a requirement: {' '.join(output)}")
    if process.returncode:
        raise InfraError(f"chalice {arguments[0]} failed: {' '.join(output[-8:])}")


def _step_output(process: subprocess.Popen[str], step: Step) -> list[str]:
    lines = []
    for line in process.stdout or []:
        step.update(line.strip()[:60])
        lines.append(line)
    return lines
