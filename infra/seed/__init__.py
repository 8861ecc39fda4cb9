"""The demonstration exam, with optional further candidates from a CSV file.

demonstration   exam, papers, rooms and staff, from exam.json
candidates      candidates from candidates.json and a CSV file, with their photos
secrets         passcodes and passwords, derived from the stage's token key

Secrets are derived, so that seeding again yields the same ones and they need not be stored.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from chalicelib.domain.types import SittingKind
from infra.context import app_context
from infra.seed.candidates import CandidateRow, enrol_rows, rows_of_demonstration, rows_of_file
from infra.seed.demonstration import EXAM_ID, demonstration_passcode, put_demonstration
from infra.seed.secrets import Secrets

__all__ = ["EXAM_ID", "SeedSummary", "run"]


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


def run(stage: str, candidates: Path | None = None, photos: Path | None = None) -> SeedSummary:
    """Write the demonstration exam, and the candidates of a CSV file if one is passed.

    The environment selects the AWS. Idempotent, except that the sitting windows start again now.
    Raises InfraError for an invalid file, before anything is written.
    """
    rows = [*rows_of_demonstration(), *(rows_of_file(candidates, photos) if candidates else [])]
    context = app_context(stage)
    secrets = Secrets.of_stage()
    staff = put_demonstration(context, secrets)
    enrol_rows(context, rows)
    return SeedSummary(
        candidates=[_candidate_summary(row, secrets) for row in rows],
        staff=[
            StaffSummary(username=username, password=secrets.password(username), role=role)
            for username, role in staff
        ],
    )


def _candidate_summary(row: CandidateRow, secrets: Secrets) -> CandidateSummary:
    return CandidateSummary(
        name=row.name,
        id_number=row.id_number,
        admission_number=row.admission_number,
        subject=row.subject,
        trial_passcode=demonstration_passcode(
            secrets, row.subject, SittingKind.TRIAL, row.id_number
        ),
        official_passcode=demonstration_passcode(
            secrets, row.subject, SittingKind.OFFICIAL, row.id_number
        ),
        photo=str(row.photo) if row.photo else None,
    )
