"""Candidates of the demonstration exam: the built-in ones, and how candidates are written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.adapters.s3_client import s3_client
from chalicelib.domain.normalization import normalize_number
from chalicelib.domain.roster.photos import START_LENGTH, UnusablePhoto, require_photo
from chalicelib.domain.roster.plans import RosterPlan, RowOutcome, plan_batches
from chalicelib.domain.roster.rows import CheckedRow, RosterRow
from chalicelib.services.admin.enrolment import enrol, plan_rows
from chalicelib.services.admin.photos import photo_key, set_photo
from chalicelib.services.ports import AppContext
from chalicelib.wiring.settings import settings
from infra.errors import InfraError
from infra.seed.demonstration import EXAM_ID, parsed_demonstration

ROOT = Path(__file__).resolve().parents[2]
BUILT_IN = Path(__file__).with_name("candidates.json")
ACTOR = "operator"
REGISTRATION_UNIT = "省职业技能鉴定指导中心"


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate to enrol, with the file of the registration photo if there is one."""

    name: str
    id_number: str
    admission_number: str
    phone: str
    subject: str
    photo: Path | None


@dataclass(slots=True)
class SeedReport:
    """What came of the candidates: people by outcome, photos stored, and what was not possible."""

    people: dict[RowOutcome, set[str]] = field(
        default_factory=lambda: {outcome: set() for outcome in RowOutcome}
    )
    photos: int = 0
    remarks: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the report, a sentence each line."""
        counts = ", ".join(
            f"{len(self.people[outcome])} {outcome}"
            for outcome in (RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED)
        )
        yield f"Candidates: {counts}; {self.photos} photos."
        yield from self.remarks


def rows_of_demonstration() -> list[CandidateRow]:
    """Return the built-in candidates."""
    columns = ("name", "id_number", "admission_number", "phone", "subject")
    return [
        CandidateRow(
            **{column: entry[column] for column in columns},
            photo=ROOT / entry["photo"] if entry["photo"] else None,
        )
        for entry in json.loads(BUILT_IN.read_text(encoding="utf-8"))
    ]


def enrol_rows(context: AppContext, rows: list[CandidateRow]) -> list[str]:
    """Enrol candidates, store their photos, and return their ids. Raises InfraError."""
    checked = [CheckedRow(_roster_row(row, line)) for line, row in enumerate(rows, start=1)]
    report = SeedReport()
    results = write_rows(
        context, checked, plan_rows(context, EXAM_ID, checked, default_room()), report
    )
    if report.refused:
        raise InfraError("\n".join(report.refused))
    ids = [results[position] for position in range(len(rows))]
    for row, candidate_id in zip(rows, ids, strict=True):
        if row.photo is not None:
            store_photo(context, row.photo, candidate_id)
    return ids


def _roster_row(row: CandidateRow, line: int) -> RosterRow:
    return RosterRow(
        name=row.name,
        id_number=normalize_number(row.id_number),
        admission_number=normalize_number(row.admission_number),
        phone_number=row.phone,
        registration_unit=REGISTRATION_UNIT,
        subject_id=row.subject,
        line=line,
    )


def write_rows(
    context: AppContext, rows: Sequence[CheckedRow], plan: RosterPlan, report: SeedReport
) -> dict[int, str]:
    """Write the rows of a plan in batches; return the ids of candidates by position."""
    written: dict[int, str] = {}
    for batch in plan_batches(plan):
        batch_rows = [rows[position].row for position in batch]
        results = enrol(context, ACTOR, EXAM_ID, batch_rows, default_room())
        for position, row, result in zip(batch, batch_rows, results, strict=True):
            if result.candidate is None:
                report.refused += [f"  line {row.line}: {text.en}" for text in result.problems]
            else:
                written[position] = result.candidate.candidate_id
                report.people[result.outcome].add(result.candidate.candidate_id)
    return written


def default_room() -> str:
    """Return the room of candidates for whom a list names none."""
    return parsed_demonstration().definition.rooms[0].room_id


def store_photo(context: AppContext, photo: Path, candidate_id: str) -> None:
    """Make a file a candidate's registration photo. Idempotent. Raises InfraError."""
    data = photo.read_bytes()
    try:
        require_photo(len(data), data[:START_LENGTH])
    except UnusablePhoto as error:
        raise InfraError(f"{photo.name}: {error.text.en}") from None
    # The same picture again is the same photo, and seeding again changes nothing.
    upload_id = hashlib.sha256(data).hexdigest()[:16]
    client = s3_client()
    client.put_object(
        Bucket=settings().media_bucket,
        Key=photo_key(candidate_id, upload_id),
        Body=data,
        ContentType="image/jpeg",
    )
    set_photo(context, ACTOR, EXAM_ID, candidate_id, upload_id)
