"""A session's record as a zip, and its check: `python -m infra export` and `verify-audit`.

The zip holds record.json, the kept files, and the check itself, which needs nothing but Python:
unpack it and run `python verify.py`.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalicelib.domain.review.record_integrity import IntegrityFault, verify_record
from infra.deployments import ROOT, Deployment
from infra.errors import InfraError
from infra.progress import Progress

RECORD = "record.json"
EVIDENCE_FOLDER = "evidence/"
VERIFIER_MODULES = (
    "__init__.py",
    "domain/__init__.py",
    "domain/types.py",
    "domain/audit.py",
    "domain/messaging/__init__.py",
    "domain/messaging/transcript.py",
    "domain/review/__init__.py",
    "domain/review/record_integrity.py",
)
"""The modules below `chalicelib` that the check needs, and nothing else."""
VERIFIER_SCRIPT = '''"""Checks record.json and the files beside it; needs Python 3.12 and nothing else."""

import json
import sys
from pathlib import Path

here = Path(__file__).parent
sys.path.insert(0, str(here))

from chalicelib.domain.review.record_integrity import faults


def kept(key):
    path = here / "evidence" / key
    return path.read_bytes() if path.is_file() else None


found = faults(json.loads((here / "record.json").read_text(encoding="utf-8")), kept)
for one in found:
    print(f"{one.where}: {one.what}")
print("broken" if found else "whole")
sys.exit(1 if found else 0)
'''


def export(deployment: Deployment, progress: Progress, session_id: str, target: Path) -> None:
    """Write a session's whole record. Raises InfraError where there is no such session."""
    with deployment.activated(), progress.step("Record") as step:
        record, read = _record(deployment, session_id)
        keys = sorted(
            {exhibit["key"] for piece in record["evidence"] for exhibit in piece["exhibits"]}
        )
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(RECORD, json.dumps(record, ensure_ascii=False, indent=1))
            for key in keys:
                archive.writestr(EVIDENCE_FOLDER + key, read(key) or b"")
            archive.writestr("verify.py", VERIFIER_SCRIPT)
            for name in VERIFIER_MODULES:
                archive.write(ROOT / "chalicelib" / name, f"chalicelib/{name}")
        step.update(f"{target}, {len(record['audit'])} audit entries, {len(keys)} kept files")


def verify_file(source: Path) -> list[IntegrityFault]:
    """Return what does not hold in an exported record. Raises InfraError where it is none."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = set(archive.namelist())

            def kept(key: str) -> bytes | None:
                return (
                    archive.read(EVIDENCE_FOLDER + key) if EVIDENCE_FOLDER + key in names else None
                )

            return verify_record(json.loads(archive.read(RECORD)), kept)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InfraError(f"{source} is no exported record: {error}") from error


def verify_session(deployment: Deployment, session_id: str) -> list[IntegrityFault]:
    """Return what does not hold of a session as it stands in the tables and under lock."""
    with deployment.activated():
        return verify_record(*_record(deployment, session_id))


def _record(
    deployment: Deployment, session_id: str
) -> tuple[dict[str, Any], Callable[[str], bytes | None]]:
    """Return a session's record as plain JSON, and what reads the kept files."""
    from chalicelib.domain.errors import NotFound  # noqa: PLC0415
    from chalicelib.services.review.record_export import export_record  # noqa: PLC0415
    from infra.context import app_context  # noqa: PLC0415

    context = app_context(deployment.stage)
    try:
        record = export_record(context, session_id, "command", captures=True)
    except NotFound:
        raise InfraError(f"There is no session {session_id}.") from None
    # What is checked is what a file would hold.
    return json.loads(json.dumps(record)), context.evidence_store.read
