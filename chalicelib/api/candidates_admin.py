"""Routes of administration of candidates: enrolment, search, accommodations."""

from chalicelib.api.roles import ADMIN
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import upload_out
from chalicelib.domain.errors import Conflict
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.schemas.admin import AccommodationIn, CandidateOut, CandidateSearchIn, CandidatesOut
from chalicelib.schemas.common import Done
from chalicelib.schemas.serializers.admin import candidate_summary
from chalicelib.schemas.serializers.staff import audit_out
from chalicelib.schemas.staff import EnrolledCandidateOut, EnrolmentOut, RosterIn, RosterRowIn
from chalicelib.services.admin import candidates, enrolment
from chalicelib.services.admin.candidates import CandidateHistory
from chalicelib.services.admin.enrolment import RosterRow

routes = Routes("chalicelib.api.candidates_admin")
CANDIDATES_PATH = "/admin/exams/{exam_id}/candidates"
CANDIDATE_PATH = CANDIDATES_PATH + "/{candidate_id}"


def _roster_row(row: RosterRowIn) -> RosterRow:
    return RosterRow(
        name=row.name,
        id_number=row.id_number,
        admission_number=row.admission_number,
        phone_number=row.phone,
        registration_unit=row.registration_unit,
        subject_id=row.subject_id,
        room_id=row.room_id,
    )


@routes.add(
    "POST",
    CANDIDATES_PATH,
    tag=Tag.CANDIDATES,
    roles=ADMIN,
    body=RosterIn,
    response=EnrolmentOut,
    errors=(Conflict,),
)
def enrol(request: ApiRequest, body: RosterIn, exam_id: str) -> EnrolmentOut:
    """Enrol candidates, and get the upload forms of their registration photos."""
    entries = [_roster_row(row) for row in body.candidates]
    enrolments = enrolment.enrol(request.context, exam_id, entries)
    return EnrolmentOut(
        candidates=[
            EnrolledCandidateOut(
                candidate_id=enrolled.candidate.candidate_id,
                admission_number=enrolled.candidate.admission_number,
                photo=upload_out(enrolled.candidate.candidate_id, enrolled.photo),
            )
            for enrolled in enrolments
        ]
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
    return _candidate_out(
        request, candidates.candidate_history(request.context, exam_id, candidate_id)
    )


def _candidate_out(request: ApiRequest, history: CandidateHistory) -> CandidateOut:
    candidate = history.candidate
    form = enrolment.photo_form(request.context, candidate.candidate_id)
    return CandidateOut(
        candidate=candidate_summary(candidate),
        phone=candidate.phone_number,
        version=candidate.version,
        photo_url=request.context.media.view_url(candidate.photo_key)
        if candidate.photo_key
        else None,
        photo=upload_out(candidate.candidate_id, form),
        audit=[audit_out(entry) for entry in history.audit],
    )


@routes.add(
    "POST",
    CANDIDATE_PATH + "/photo",
    tag=Tag.CANDIDATES,
    roles=ADMIN,
    response=Done,
    errors=(Conflict,),
)
def confirm_photo(request: ApiRequest, exam_id: str, candidate_id: str) -> Done:
    """Confirm that a candidate's registration photo was uploaded."""
    enrolment.confirm_photo(request.context, exam_id, candidate_id)
    return Done()


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
    history = candidates.candidate_history(request.context, exam_id, candidate_id)
    if history.candidate.version != body.version:
        raise Conflict
    settings = body.accommodation
    accommodation = Accommodation(
        tuple(sorted(set(settings.excused))), settings.extra_percent, settings.extra_minutes
    )
    candidates.set_accommodation(
        request.context, request.staff, history.candidate, accommodation, body.reason
    )
    return _candidate_out(
        request, candidates.candidate_history(request.context, exam_id, candidate_id)
    )
