"""Export a session's record as a zip file, and verify it: `export` and `verify-audit`.

The zip holds record.json, the evidence files and the verifier, which only requires Python:
unpack it and run `python verify.py`.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.domain.review.record_integrity import IntegrityFault, ReadFile, verify_record
from chalicelib.domain.types import Millis
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
    "domain/review/coverage.py",
    "domain/review/deletion_receipts.py",
    "domain/review/record_integrity.py",
    "domain/review/recording_integrity.py",
)
"""The modules of `chalicelib` that the verifier imports."""
VERIFIER_SCRIPT = '''"""Verifies record.json and the evidence files beside it. Requires Python 3.12 only."""

import json
import sys
from pathlib import Path

here = Path(__file__).parent
sys.path.insert(0, str(here))

from chalicelib.domain.review.record_integrity import verify_record


def read_evidence(key):
    path = here / "evidence" / key
    return path.read_bytes() if path.is_file() else None


record = json.loads((here / "record.json").read_text(encoding="utf-8"))
faults = verify_record(record, read_evidence)
for fault in faults:
    print(f"{fault.where}: {fault.what}")
print("invalid" if faults else "valid")
sys.exit(1 if faults else 0)
'''


def export(deployment: Deployment, progress: Progress, session_id: str, target: Path) -> None:
    """Write a session's record to a zip file. Raises InfraError for an unknown session."""
    with deployment.activated(), progress.step("Record") as step:
        record, read = _record(deployment, session_id)
        files = write_archive(target, record, read)
        step.update(f"{target}, {len(record['audit'])} audit entries, {files} evidence files")


def write_archive(target: Path, record: Mapping[str, Any], read: ReadFile) -> int:
    """Write a record, its evidence files and the verifier to a zip file; return how many files.

    A file that is gone, deleted on its day or lost, is left out: the verifier tells which it was.
    """
    keys = {exhibit["key"] for piece in record["evidence"] for exhibit in piece["exhibits"]}
    contents = ((key, read(key)) for key in sorted(keys))
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(RECORD, json.dumps(record, ensure_ascii=False, indent=1))
        for key, content in contents:
            if content is not None:
                archive.writestr(EVIDENCE_FOLDER + key, content)
                count += 1
        archive.writestr("verify.py", VERIFIER_SCRIPT)
        for name in VERIFIER_MODULES:
            archive.write(ROOT / "chalicelib" / name, f"chalicelib/{name}")
    return count


def verify_file(source: Path) -> list[IntegrityFault]:
    """Return the integrity faults of an exported record. Raises InfraError if it is not one."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = set(archive.namelist())

            def read_evidence(key: str) -> bytes | None:
                return (
                    archive.read(EVIDENCE_FOLDER + key) if EVIDENCE_FOLDER + key in names else None
                )

            return verify_record(json.loads(archive.read(RECORD)), read_evidence)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InfraError(f"{source} is not an exported record: {error}") from error


def verify_session(deployment: Deployment, session_id: str) -> list[IntegrityFault]:
    """Return the integrity faults of a session in the tables and the buckets."""
    with deployment.activated():
        record, read = _record(deployment, session_id)
        stored = _stored_media(deployment, session_id)
        return verify_record(record, read, stored, _segment_reader())


def _segment_reader() -> ReadFile:
    """Return a function that reads segments of recordings from the media bucket."""
    from chalicelib.domain.recording.segments import MAX_SEGMENT_BYTES  # noqa: PLC0415
    from chalicelib.wiring.functions import media  # noqa: PLC0415

    bucket = media()

    def read(key: str) -> bytes | None:
        content = bucket.read(key, MAX_SEGMENT_BYTES)
        return None if content is None else content.data

    return read


def _stored_media(deployment: Deployment, session_id: str) -> dict[str, Millis]:
    """Return a session's captures and segments in the media bucket, with their time of upload."""
    from infra.context import app_context  # noqa: PLC0415

    media = app_context(deployment.stage).media
    stored: dict[str, Millis] = {}
    for folder in ("snapshots", "clips", "recordings"):
        after = ""
        while found := media.uploads(f"{folder}/{session_id}/", after=after, most=1_000):
            stored |= {upload.key: upload.uploaded_at for upload in found}
            after = found[-1].key
    return stored


def _record(deployment: Deployment, session_id: str) -> tuple[dict[str, Any], ReadFile]:
    """Return a session's record as plain JSON, and a function that reads evidence files."""
    from chalicelib.domain.errors import NotFound  # noqa: PLC0415
    from chalicelib.services.review.record_export import export_record  # noqa: PLC0415
    from infra.context import app_context  # noqa: PLC0415

    context = app_context(deployment.stage)
    try:
        record = export_record(context, session_id, "command", captures=True, answers=True)
    except NotFound:
        raise InfraError(f"There is no session {session_id}.") from None
    # Verify the same JSON that an exported file would hold.
    return json.loads(json.dumps(record)), context.evidence_store.read
