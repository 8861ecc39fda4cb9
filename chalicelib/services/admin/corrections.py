"""Corrections of one candidate's details, and exchanges of a number between two."""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import BadInput, Conflict, DomainError, NotFound
from chalicelib.domain.exams.exams import Candidate, Staff
from chalicelib.domain.normalization import normalize_number
from chalicelib.domain.roster.changes import unless_equal
from chalicelib.domain.roster.matching import describe
from chalicelib.domain.roster.rows import RosterRow, check_row
from chalicelib.domain.types import LocalizedText
from chalicelib.services.admin.candidate_changes import CandidateChange, write_changes
from chalicelib.services.core.access import audit_actor
from chalicelib.services.ports import AppContext


@dataclass(frozen=True, slots=True)
class Correction:
    """New details of a candidate; None: stays as it is."""

    name: str | None = None
    id_number: str | None = None
    admission_number: str | None = None
    phone_number: str | None = None
    registration_unit: str | None = None


class NumberTaken(DomainError):
    """A number belongs to another candidate; the text says to whom."""

    status = 409
    code = "number_taken"
    text = LocalizedText("号码已属于另一位考生。", "The number belongs to another candidate.")


def correct(
    context: AppContext,
    staff: Staff,
    read_candidate: Candidate,
    correction: Correction,
    reason: str,
) -> Candidate:
    """Correct a candidate's details, with the reason. Idempotent; the candidate stays the same.

    `read_candidate` is what the administrator saw. Raises BadInput for a value that no list may
    have either, NumberTaken with the name of who holds a number, SittingUnderWay while the
    candidate is answering, Conflict where the candidate was changed meanwhile.
    """
    stored = context.registry.candidate(read_candidate.candidate_id)
    corrected = _corrected(stored, correction)
    if corrected == stored:
        return stored
    if stored.version != read_candidate.version:
        raise Conflict
    _require_free_numbers(context, corrected)
    change = CandidateChange(stored, corrected)
    [written] = write_changes(context, audit_actor(staff), "corrected", [change], reason)
    return written


def swap_numbers(
    context: AppContext,
    staff: Staff,
    read_candidate: Candidate,
    other_number: str,
    *,
    field: str,
    reason: str,
) -> Candidate:
    """Exchange `field`, an ID or admission number, between two candidates, with the reason.

    `other_number` is either number of the other one. Raises NotFound where nobody has it, BadInput
    where it is the same candidate's, SittingUnderWay while one of them is answering, Conflict.
    """
    candidate = context.registry.candidate(read_candidate.candidate_id)
    if candidate.version != read_candidate.version:
        raise Conflict
    other = _holder(context, candidate, other_number)
    number, others_number = getattr(candidate, field), getattr(other, field)
    changes = [
        CandidateChange(candidate, replace(candidate, **{field: others_number})),
        CandidateChange(other, replace(other, **{field: number})),
    ]
    [swapped, _] = write_changes(context, audit_actor(staff), "numbers_exchanged", changes, reason)
    return swapped


def _holder(context: AppContext, candidate: Candidate, number: str) -> Candidate:
    try:
        other = context.registry.candidate_by_number(candidate.exam_id, normalize_number(number))
    except NotFound:
        raise NotFound(
            LocalizedText(
                "没有考生使用这个号码。请填写对方的证件号或准考证号。",
                "No candidate has this number. Enter the other person's ID or admission number.",
            )
        ) from None
    if other.candidate_id == candidate.candidate_id:
        raise BadInput(
            LocalizedText("这是同一位考生的号码。", "This is the same candidate's number.")
        )
    return other


def _corrected(stored: Candidate, correction: Correction) -> Candidate:
    row = RosterRow(
        name=stored.name if correction.name is None else correction.name,
        id_number=stored.id_number if correction.id_number is None else correction.id_number,
        admission_number=stored.admission_number
        if correction.admission_number is None
        else correction.admission_number,
        phone_number=correction.phone_number,
        registration_unit=correction.registration_unit,
        subject_id="",
    )
    checked = check_row(row)
    if checked.problems:
        raise BadInput(checked.problems[0].text, checked.problems[0].code)
    row = checked.row
    return replace(
        stored,
        name=row.name,
        id_number=unless_equal(stored.id_number, row.id_number),
        admission_number=unless_equal(stored.admission_number, row.admission_number),
        phone_number=stored.phone_number if row.phone_number is None else row.phone_number,
        registration_unit=stored.registration_unit
        if correction.registration_unit is None
        else row.registration_unit or "",
    )


def _require_free_numbers(context: AppContext, candidate: Candidate) -> None:
    numbers = [
        normalize_number(number) for number in (candidate.id_number, candidate.admission_number)
    ]
    holders = context.registry.candidates_by_numbers(candidate.exam_id, numbers)
    for holder in holders.values():
        if holder.candidate_id != candidate.candidate_id:
            zh, en = describe(holder)
            raise NumberTaken(
                LocalizedText(
                    f"号码已属于{zh}。如两人的号码互换了，请使用“与另一人对调”。",
                    f"The number belongs to {en}. Where the two were exchanged, use “Exchange with "
                    "somebody”.",
                )
            )
