"""Candidates of a CSV file, read and validated by the same rules as in the console."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from chalicelib.domain.roster.files import RosterFile, read_roster
from chalicelib.domain.roster.photos import match_photos
from chalicelib.domain.roster.plans import RosterPlan
from chalicelib.domain.roster.problems import RosterUnreadable
from chalicelib.domain.roster.rows import RosterRow, make_choices
from chalicelib.services.admin.enrolment import plan_rows
from chalicelib.services.ports import AppContext
from infra.errors import InfraError
from infra.seed.candidates import (
    CandidateRow,
    SeedReport,
    default_room,
    store_photo,
    write_rows,
)
from infra.seed.demonstration import EXAM_ID, parsed_demonstration

PHOTO_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".heic", ".bmp", ".gif", ".webp"})
"""Files taken for photos; those that are no JPEG are named."""


def read_file(file: Path) -> RosterFile:
    """Read a CSV file of candidates by the rules of the console. Raises InfraError."""
    definition = parsed_demonstration().definition
    choices = make_choices(
        {subject.subject_id: subject.title for subject in definition.exam.subjects},
        {room.room_id: room.name for room in definition.rooms},
    )
    try:
        return read_roster(file.read_bytes(), choices)
    except OSError as error:
        raise InfraError(f"{file} cannot be read: {error.strerror}") from None
    except RosterUnreadable as error:
        place = f"{file}, line {error.problem.line}" if error.problem.line else str(file)
        raise InfraError(f"{place}: {error.problem.text.en}") from None


def photos_in(folder: Path) -> list[Path]:
    """Return the pictures of a folder. Raises InfraError where there are none."""
    if not folder.is_dir():
        raise InfraError(f"There is no folder {folder}.")
    pictures = [path for path in folder.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES]
    if not pictures:
        raise InfraError(f"There are no pictures in {folder}.")
    return [path.resolve() for path in sorted(pictures)]


def plan_file(
    context: AppContext, roster: RosterFile, *, import_rest: bool
) -> tuple[RosterPlan, SeedReport]:
    """Return what importing a file does, and what is to be said about it. Writes nothing.

    Raises InfraError, naming the lines, while any is refused, unless `import_rest`.
    """
    report = SeedReport()
    plan = plan_rows(context, EXAM_ID, roster.rows, default_room())
    report.remarks += [f"  {remark.text.en}" for remark in roster.remarks]
    for row in plan.rows:
        report.remarks += [f"  line {note.line}: {note.text.en}" for note in row.warnings]
        report.refused += [f"  line {problem.line}: {problem.text.en}" for problem in row.problems]
    if report.refused and not import_rest:
        lines = "\n".join(report.refused)
        raise InfraError(f"Nothing was imported, because of these lines:\n{lines}")
    return plan, report


def enrol_file(
    context: AppContext,
    roster: RosterFile,
    plan: RosterPlan,
    photos: list[Path] | None,
    report: SeedReport,
) -> list[tuple[CandidateRow, str]]:
    """Enrol the candidates of a file, store their photos; return who is enrolled, with their ids."""
    written = write_rows(context, roster.rows, plan, report)
    positions = match_photos([photo.name for photo in photos or ()], [row.row for row in plan.rows])
    photo_of = dict(zip(positions, photos or (), strict=True))
    rows = [
        (
            _with_photo(
                context, plan.rows[position].row, candidate_id, photo_of.get(position), report
            ),
            candidate_id,
        )
        for position, candidate_id in written.items()
    ]
    for photo, position in zip(photos or (), positions, strict=True):
        if position is None:
            report.remarks.append(f"  {photo.name} belongs to nobody in the list.")
    if photos is not None:
        _report_missing(plan, written, photo_of.keys(), report)
    return rows


def _with_photo(
    context: AppContext,
    row: RosterRow,
    candidate_id: str,
    photo: Path | None,
    report: SeedReport,
) -> CandidateRow:
    if photo is not None:
        try:
            store_photo(context, photo, candidate_id)
            report.photos += 1
        except InfraError as error:
            report.refused.append(f"  line {row.line}: {error}")
            photo = None
    return CandidateRow(
        row.name, row.id_number, row.admission_number, row.phone_number or "", row.subject_id, photo
    )


def _report_missing(
    plan: RosterPlan,
    written: Mapping[int, str],
    with_photo: Iterable[int | None],
    report: SeedReport,
) -> None:
    """Name the people without a photo, each once."""
    positions = set(with_photo)
    has_photo = {written[position] for position in written.keys() & positions}
    missing = {
        candidate_id: plan.rows[position].row
        for position, candidate_id in written.items()
        if candidate_id not in has_photo
    }
    for row in missing.values():
        report.remarks.append(f"  line {row.line}: {row.name} has no photo in the folder.")
