"""Routes of administrators that concern candidates: signing up, finding, allowing."""

from chalicelib.api.routing import Call, Routes
from chalicelib.api.upload_forms import upload_out
from chalicelib.domain.errors import Conflict
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.types import Role
from chalicelib.schemas.admin import AccommodationIn, CandidateOut, CandidatesOut, FindIn
from chalicelib.schemas.common import Done
from chalicelib.schemas.serializers.admin import candidate_line
from chalicelib.schemas.serializers.staff import audit_out
from chalicelib.schemas.staff import Enrolled, EnrolledOut, NewCandidates
from chalicelib.services.admin import candidates, enrolment
from chalicelib.services.admin.candidates import Known
from chalicelib.services.admin.enrolment import Entry
from chalicelib.services.core import access

routes = Routes("chalicelib.api.candidates_admin")
ADMIN = frozenset({Role.ADMIN})
CANDIDATES = "/admin/exams/{exam_id}/candidates"
CANDIDATE = CANDIDATES + "/{candidate_id}"


def admin_of(call: Call) -> Staff:
    """Return who is calling. Raises NotFound where the account is gone."""
    return access.staff_named(call.world, call.who.subject)


@routes.add("POST", CANDIDATES, roles=ADMIN, body=NewCandidates, answer=EnrolledOut)
def enrol(call: Call, body: NewCandidates, exam_id: str) -> EnrolledOut:
    """Sign candidates up, and get where their registration photos are uploaded."""
    entries = [Entry(**one.model_dump()) for one in body.candidates]
    done = enrolment.enrol(call.world, exam_id, entries)
    return EnrolledOut(
        candidates=[
            Enrolled(
                candidate_id=one.candidate.candidate_id,
                admission_number=one.candidate.admission_number,
                photo=upload_out(one.candidate.candidate_id, one.photo),
            )
            for one in done
        ]
    )


@routes.add("POST", CANDIDATES + "/find", roles=ADMIN, body=FindIn, answer=CandidatesOut)
def find_candidates(call: Call, body: FindIn, exam_id: str) -> CandidatesOut:
    """Find candidates by number, or by a part of the name."""
    page = candidates.find(call.world, exam_id, body.text, body.subject_id, body.after)
    return CandidatesOut(
        candidates=[candidate_line(one) for one in page.candidates], after=page.after
    )


@routes.add("GET", CANDIDATE, roles=ADMIN, answer=CandidateOut)
def show_candidate(call: Call, exam_id: str, candidate_id: str) -> CandidateOut:
    """Show one candidate, and what was allowed."""
    return _shown(call, candidates.candidate_of(call.world, exam_id, candidate_id))


def _shown(call: Call, known: Known) -> CandidateOut:
    one = known.candidate
    form = enrolment.photo_form(call.world, one.candidate_id)
    return CandidateOut(
        candidate=candidate_line(one),
        phone=one.phone,
        version=one.version,
        photo_url=call.world.media.view_url(one.photo_key) if one.photo_key else None,
        photo=upload_out(one.candidate_id, form),
        audit=[audit_out(entry) for entry in known.audit],
    )


@routes.add("POST", CANDIDATE + "/photo", roles=ADMIN, answer=Done)
def confirm_photo(call: Call, exam_id: str, candidate_id: str) -> Done:
    """Say that a candidate's registration photo has been uploaded."""
    enrolment.confirm_photo(call.world, exam_id, candidate_id)
    return Done()


@routes.add(
    "PUT", CANDIDATE + "/accommodation", roles=ADMIN, body=AccommodationIn, answer=CandidateOut
)
def allow(call: Call, body: AccommodationIn, exam_id: str, candidate_id: str) -> CandidateOut:
    """Set what a candidate is allowed, with the reason."""
    known = candidates.candidate_of(call.world, exam_id, candidate_id)
    if known.candidate.version != body.version:
        raise Conflict
    wanted = body.accommodation
    given = Accommodation(
        tuple(sorted(set(wanted.excused))), wanted.extra_percent, wanted.extra_minutes
    )
    candidates.allow(call.world, admin_of(call), known.candidate, given, body.reason)
    return _shown(call, candidates.candidate_of(call.world, exam_id, candidate_id))
