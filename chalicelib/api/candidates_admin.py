"""Routes of administration of candidates: lists, search, corrections, photos, accommodations."""

import base64
import binascii

from chalicelib.api.roles import ADMIN
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import upload_out
from chalicelib.domain.errors import BadInput, Conflict
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.roster.photos import UnusablePhoto
from chalicelib.domain.roster.problems import RosterUnreadable
from chalicelib.domain.sessions.corrections import SittingUnderWay
from chalicelib.domain.types import LocalizedText
from chalicelib.schemas.candidates_admin import (
    AccommodationIn,
    CandidateOut,
    CandidateSearchIn,
    CandidatesOut,
)
from chalicelib.schemas.common import Done, TextOut
from chalicelib.schemas.roster import (
    MAX_ENCODED,
    CorrectionIn,
    EnrolledRowOut,
    EnrolmentOut,
    ExchangeIn,
    PhotoConfirmationIn,
    RosterCheckOut,
    RosterFileIn,
    RosterIn,
)
from chalicelib.schemas.serializers.admin import candidate_summary
from chalicelib.schemas.serializers.roster import (
    roster_check_out,
    roster_row,
    unreadable_roster_out,
)
from chalicelib.schemas.serializers.staff import audit_out
from chalicelib.services.admin import candidates, corrections, enrolment, photos
from chalicelib.services.admin.corrections import Correction, NumberTaken
from chalicelib.services.admin.enrolment import RowResult
from chalicelib.services.core.access import audit_actor

routes = Routes("chalicelib.api.candidates_admin")
CANDIDATES_PATH = "/admin/exams/{exam_id}/candidates"
CANDIDATE_PATH = CANDIDATES_PATH + "/{candidate_id}"


@routes.add(
    "POST",
    CANDIDATES_PATH + "/check",
    tag=Tag.CANDIDATES,
    roles=ADMIN,
    body=RosterFileIn,
    response=RosterCheckOut,
    max_body_bytes=2 * MAX_ENCODED,
)
def check_roster(request: ApiRequest, body: RosterFileIn, exam_id: str) -> RosterCheckOut:
    """Check a list of candidates, as a file, against its rules and the exam. Writes nothing."""
    try:
        data = base64.b64decode(body.file, validate=True)
    except binascii.Error:
        text = LocalizedText("文件须以 Base64 传送。", "The file must be sent as Base64.")
        raise BadInput(text, "not_base64") from None
    try:
        check = enrolment.check_roster(request.context, exam_id, data, body.default_room_id)
    except RosterUnreadable as error:
        return unreadable_roster_out(error.problem)
    return roster_check_out(check.plan, check.file.remarks, body.photo_names)


@routes.add(
    "POST",
    CANDIDATES_PATH,
    tag=Tag.CANDIDATES,
    roles=ADMIN,
    body=RosterIn,
    response=EnrolmentOut,
)
def enrol(request: ApiRequest, body: RosterIn, exam_id: str) -> EnrolmentOut:
    """Enrol candidates or update them, row by row; get the forms of their registration photos."""
    results = enrolment.enrol(
        request.context,
        audit_actor(request.staff),
        exam_id,
        [roster_row(row) for row in body.candidates],
        body.default_room_id,
    )
    return EnrolmentOut(candidates=[_enrolled_row_out(request, result) for result in results])


def _enrolled_row_out(request: ApiRequest, result: RowResult) -> EnrolledRowOut:
    candidate = result.candidate
    upload = candidate and photos.photo_upload(request.context, candidate.candidate_id)
    return EnrolledRowOut(
        outcome=result.outcome,
        candidate_id=candidate.candidate_id if candidate else None,
        changes=list(result.changes),
        reasons=[TextOut.of(text) for text in result.problems],
        photo=upload_out(upload.upload_id, upload.form) if upload else None,
    )


@routes.add(
    "POST",
    CANDIDATES_PATH + "/find",
    tag=Tag.CANDIDATES,
    roles=ADMIN,
    body=CandidateSearchIn,
    response=CandidatesOut,
)
def find_candidates(request: ApiRequest, body: CandidateSearchIn, exam_id: str) -> CandidatesOut:
    """Find candidates by number, or by part of the name."""
    page = candidates.search(request.context, exam_id, body.text, body.subject_id, body.after)
    return CandidatesOut(
        candidates=[candidate_summary(candidate) for candidate in page.candidates], after=page.after
    )


@routes.add("GET", CANDIDATE_PATH, tag=Tag.CANDIDATES, roles=ADMIN, response=CandidateOut)
def show_candidate(request: ApiRequest, exam_id: str, candidate_id: str) -> CandidateOut:
    """Show one candidate, with the history of the accommodation."""
    return _shown(request, exam_id, candidate_id)


def _shown(request: ApiRequest, exam_id: str, candidate_id: str) -> CandidateOut:
    history = candidates.candidate_history(request.context, exam_id, candidate_id)
    candidate = history.candidate
    upload = photos.photo_upload(request.context, candidate.candidate_id)
    return CandidateOut(
        candidate=candidate_summary(candidate),
        phone=candidate.phone_number,
        version=candidate.version,
        photo_url=request.context.media.view_url(candidate.photo_key)
        if candidate.photo_key
        else None,
        photo=upload_out(upload.upload_id, upload.form),
        audit=[audit_out(entry) for entry in history.audit],
    )


@routes.add(
    "POST",
    CANDIDATE_PATH + "/photo",
    tag=Tag.CANDIDATES,
    roles=ADMIN,
    body=PhotoConfirmationIn,
    response=Done,
    errors=(UnusablePhoto, Conflict),
)
def confirm_photo(
    request: ApiRequest, body: PhotoConfirmationIn, exam_id: str, candidate_id: str
) -> Done:
    """Make an uploaded picture the candidate's registration photo, once it is found to be a JPEG."""
    photos.confirm_photo(
        request.context, audit_actor(request.staff), exam_id, candidate_id, body.upload_id
    )
    return Done()


@routes.add(
    "POST",
    CANDIDATE_PATH + "/correction",
    tag=Tag.CANDIDATES,
    roles=ADMIN,
    body=CorrectionIn,
    response=CandidateOut,
    errors=(NumberTaken, SittingUnderWay, Conflict),
)
def correct_candidate(
    request: ApiRequest, body: CorrectionIn, exam_id: str, candidate_id: str
) -> CandidateOut:
    """Correct a candidate's name, numbers, phone number or registration unit, with the reason."""
    corrections.correct(
        request.context,
        request.staff,
        _read_version(request, exam_id, candidate_id, body.version),
        Correction(
            name=body.name,
            id_number=body.id_number,
            admission_number=body.admission_number,
            phone_number=body.phone,
            registration_unit=body.registration_unit,
        ),
        body.reason,
    )
    return _shown(request, exam_id, candidate_id)


@routes.add(
    "POST",
    CANDIDATE_PATH + "/exchange",
    tag=Tag.CANDIDATES,
    roles=ADMIN,
    body=ExchangeIn,
    response=CandidateOut,
    errors=(SittingUnderWay, Conflict),
)
def exchange_numbers(
    request: ApiRequest, body: ExchangeIn, exam_id: str, candidate_id: str
) -> CandidateOut:
    """Exchange an ID or admission number between two candidates at once, with the reason."""
    corrections.swap_numbers(
        request.context,
        request.staff,
        _read_version(request, exam_id, candidate_id, body.version),
        body.other_number,
        field=body.field,
        reason=body.reason,
    )
    return _shown(request, exam_id, candidate_id)


def _read_version(request: ApiRequest, exam_id: str, candidate_id: str, version: int) -> Candidate:
    """Return the candidate that the administrator saw. Raises Conflict where it has changed."""
    candidate = candidates.candidate_history(request.context, exam_id, candidate_id).candidate
    if candidate.version != version:
        raise Conflict
    return candidate


@routes.add(
    "PUT",
    CANDIDATE_PATH + "/accommodation",
    tag=Tag.CANDIDATES,
    roles=ADMIN,
    body=AccommodationIn,
    response=CandidateOut,
    errors=(Conflict,),
)
def set_accommodation(
    request: ApiRequest, body: AccommodationIn, exam_id: str, candidate_id: str
) -> CandidateOut:
    """Set a candidate's accommodation, with the reason."""
    candidate = _read_version(request, exam_id, candidate_id, body.version)
    settings = body.accommodation
    accommodation = Accommodation(
        tuple(sorted(set(settings.excused))),
        settings.extra_percent,
        settings.extra_minutes,
        tuple(sorted(set(settings.unrecorded))),
    )
    candidates.set_accommodation(
        request.context, request.staff, candidate, accommodation, body.reason
    )
    return _shown(request, exam_id, candidate_id)
