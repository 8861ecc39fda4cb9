"""The demonstration exam, and candidates of one's own beside it.

Passcodes and passwords are made of the stage's token key, so that seeding again finds the same
ones and no file has to keep them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from infra.context import app_context
from infra.seed.candidates import CandidateRow, enrol_rows, rows_of_demonstration, rows_of_file
from infra.seed.demonstration import EXAM_ID, put_demonstration
from infra.seed.secrets import Secrets

__all__ = ["EXAM_ID", "SeedSummary", "run"]


class CandidateSummary(TypedDict):
    """A candidate as `demo.json` shows one."""

    name: str
    id_number: str
    admission_number: str
    subject: str
    trial_passcode: str
    official_passcode: str
    photo: str | None


class StaffSummary(TypedDict):
    """A staff account as `demo.json` shows one."""

    username: str
    password: str
    role: str


class SeedSummary(TypedDict):
    """The accounts part of `demo.json`."""

    candidates: list[CandidateSummary]
    staff: list[StaffSummary]


def run(stage: str, candidates: Path | None = None, photos: Path | None = None) -> SeedSummary:
    """Write the demonstration exam, and the candidates of a CSV file if one is given.

    The environment says which AWS. Everything is written over what was there, so that running it
    again changes nothing but the exam's windows, which begin anew. Raises InfraError for a file
    that cannot be used, before anything of it is written.
    """
    rows = [*rows_of_demonstration(), *(rows_of_file(candidates, photos) if candidates else [])]
    context = app_context(stage)
    secrets = Secrets.of_stage()
    staff = put_demonstration(context, secrets)
    enrol_rows(context, rows)
    return SeedSummary(
        candidates=[_candidate_summary(row, secrets) for row in rows],
        staff=[
            StaffSummary(username=one, password=secrets.password(one), role=role)
            for one, role in staff
        ],
    )


def _candidate_summary(row: CandidateRow, secrets: Secrets) -> CandidateSummary:
    return CandidateSummary(
        name=row.name,
        id_number=row.id_number,
        admission_number=row.admission_number,
        subject=row.subject,
        trial_passcode=secrets.passcode(row.subject, "trial"),
        official_passcode=secrets.passcode(row.subject, "official"),
        photo=str(row.photo) if row.photo else None,
    )
