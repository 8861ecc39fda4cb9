"""`python -m infra exam FILE`: write an exam of one's own to a stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from chalicelib.domain.errors import DomainError
from chalicelib.services.admin.exam_import import import_exam
from chalicelib.wiring.settings import settings
from infra.context import app_context
from infra.deployments import Deployment
from infra.errors import InfraError
from infra.exam_file.parser import parse_exam_file
from infra.progress import Progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

TYPES = {".png": "image/png", ".jpg": "image/jpeg"}


def load_exam(
    deployment: Deployment, progress: Progress, file: Path, anew: Sequence[str] = ()
) -> None:
    """Write the exam that a file describes, and show new passwords this once.

    `anew` names staff who get another password. Raises InfraError, before anything is written
    where the file is at fault.
    """
    read = parse_exam_file(file)
    unknown = set(anew) - {member.username for member in read.definition.staff}
    if unknown:
        raise InfraError(f"{file} has no staff named {', '.join(sorted(unknown))}.")
    with progress.step(f"Exam {read.definition.exam.exam_id}") as step, deployment.activated():
        try:
            exam, openings = import_exam(app_context(deployment.stage), read.definition, anew)
        except DomainError as error:
            raise InfraError(f"{error.text.zh} {error.text.en}") from None
        store_pictures(read.pictures)
        step.note = f"{len(exam.subjects)} subjects, {len(read.definition.papers)} papers"
    for username, opening in openings.items():
        shown = f"  {username}  {opening.password}  {opening.authenticator or ''}"
        progress.console.print(shown.rstrip(), markup=False, highlight=False, soft_wrap=True)
    if openings:
        progress.console.print("  These are shown this once and kept nowhere.")
    progress.console.print(
        "Next: candidates and passcodes in the console, and "
        f"`python -m infra publish --stage {deployment.stage} --exam-id {exam.exam_id}`.",
        soft_wrap=True,
    )


def store_pictures(pictures: Mapping[str, Path]) -> None:
    """Upload the pictures of questions to the media bucket, under their keys."""
    client: S3Client = boto3.client("s3")
    for key, file in pictures.items():
        client.put_object(
            Bucket=settings().media_bucket,
            Key=key,
            Body=file.read_bytes(),
            ContentType=TYPES[Path(key).suffix],
        )
