"""`python -m infra exam FILE`: import an exam into a stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from chalicelib.adapters.s3_client import s3_client
from chalicelib.domain.errors import DomainError
from chalicelib.services.admin.exam_import import import_exam
from chalicelib.wiring.settings import settings
from infra.context import app_context
from infra.deployments import Deployment
from infra.errors import InfraError
from infra.exam_file.parser import parse_exam_file
from infra.progress import Progress

TYPES = {".png": "image/png", ".jpg": "image/jpeg"}


def load_exam(
    deployment: Deployment,
    progress: Progress,
    file: Path,
    new_passwords_for: Sequence[str] = (),
) -> None:
    """Import the exam that a file describes, and print new passwords once.

    Staff named in `new_passwords_for` get a new password. Raises InfraError; an invalid file is
    rejected before anything is written.
    """
    parsed = parse_exam_file(file)
    unknown = set(new_passwords_for) - {member.username for member in parsed.definition.staff}
    if unknown:
        raise InfraError(f"{file} has no staff named {', '.join(sorted(unknown))}.")
    with progress.step(f"Exam {parsed.definition.exam.exam_id}") as step, deployment.activated():
        try:
            exam, credentials = import_exam(
                app_context(deployment.stage), parsed.definition, new_passwords_for
            )
        except DomainError as error:
            raise InfraError(f"{error.text.zh} {error.text.en}") from None
        store_pictures(parsed.pictures)
        step.note = f"{len(exam.subjects)} subjects, {len(parsed.definition.papers)} papers"
    for username, secrets in credentials.items():
        line = f"  {username}  {secrets.password}  {secrets.authenticator or ''}"
        progress.console.print(line.rstrip(), markup=False, highlight=False, soft_wrap=True)
    if credentials:
        progress.console.print("  Note these now: they are not stored and not shown again.")
    progress.console.print(
        "Next: import candidates and create passcodes in the console, then run "
        f"`python -m infra publish --stage {deployment.stage} --exam-id {exam.exam_id}`.",
        soft_wrap=True,
    )


def store_pictures(pictures: Mapping[str, Path]) -> None:
    """Upload the questions' pictures to the media bucket; `pictures` maps keys to files."""
    client = s3_client()
    for key, file in pictures.items():
        client.put_object(
            Bucket=settings().media_bucket,
            Key=key,
            Body=file.read_bytes(),
            ContentType=TYPES[Path(key).suffix],
        )
