"""The demonstration exam, with optional further candidates from a CSV file.

demonstration   exam, papers, rooms and staff, from exam.json
candidates      candidates from candidates.json, with their photos
candidate_file  candidates of a CSV file, by the rules of the console
secrets         passcodes and passwords, derived from the stage's token key

Secrets are derived, so that seeding again yields the same ones and they need not be stored.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from chalicelib.domain.types import SittingKind
from infra.context import app_context
from infra.errors import InfraError
from infra.seed.candidate_file import enrol_file, photos_in, plan_file, read_file
from infra.seed.candidates import CandidateRow, SeedReport, enrol_rows, rows_of_demonstration
from infra.seed.demonstration import EXAM_ID, demonstration_passcode, put_demonstration
from infra.seed.secrets import Secrets

__all__ = ["EXAM_ID", "SeedReport", "SeedSummary", "run"]


class CandidateSummary(TypedDict):
    """A candidate in `demo.json`."""

    name: str
    id_number: str
    admission_number: str
    subject: str
    trial_passcode: str
    official_passcode: str
    photo: str | None


class StaffSummary(TypedDict):
    """A staff account in `demo.json`."""

    username: str
    password: str
    role: str


class SeedSummary(TypedDict):
    """The accounts in `demo.json`."""

    candidates: list[CandidateSummary]
    staff: list[StaffSummary]


def run(
    stage: str,
    candidates: Path | None = None,
    photos: Path | None = None,
    *,
    import_rest: bool = False,
) -> tuple[SeedSummary, SeedReport]:
    """Write the demonstration exam, and the candidates of a CSV file if one is passed.

    The environment selects the AWS. Idempotent, except that the sitting windows start again now.
    Raises InfraError for an invalid file or a refused line (unless `import_rest`), before anything
    is written.
    """
    if photos is not None and candidates is None:
        raise InfraError("Photos belong to a list: pass --candidates too.")
    roster = read_file(candidates) if candidates else None
    pictures = photos_in(photos) if photos else None
    context = app_context(stage)
    secrets = Secrets.of_stage()
    planned = plan_file(context, roster, import_rest=import_rest) if roster else None
    staff = put_demonstration(context, secrets)
    demonstration = rows_of_demonstration()
    rows = list(zip(demonstration, enrol_rows(context, demonstration), strict=True))
    report = SeedReport()
    if roster and planned:
        plan, report = planned
        rows += enrol_file(context, roster, plan, pictures, report)
    summary = SeedSummary(
        candidates=[_candidate_summary(row, candidate_id, secrets) for row, candidate_id in rows],
        staff=[
            StaffSummary(username=username, password=secrets.password(username), role=role)
            for username, role in staff
        ],
    )
    return summary, report


def _candidate_summary(row: CandidateRow, candidate_id: str, secrets: Secrets) -> CandidateSummary:
    return CandidateSummary(
        name=row.name,
        id_number=row.id_number,
        admission_number=row.admission_number,
        subject=row.subject,
        trial_passcode=demonstration_passcode(
            secrets, row.subject, SittingKind.TRIAL, candidate_id
        ),
        official_passcode=demonstration_passcode(
            secrets, row.subject, SittingKind.OFFICIAL, candidate_id
        ),
        photo=str(row.photo) if row.photo else None,
    )
