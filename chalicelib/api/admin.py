"""Routes of administrators."""

from chalicelib.api.routing import Call, Routes
from chalicelib.api.uploads import upload_out
from chalicelib.contract.common import Done
from chalicelib.contract.staff import Enrolled, EnrolledOut, NewCandidates
from chalicelib.exam.words import Role
from chalicelib.services import enrolling
from chalicelib.services.enrolling import Entry

routes = Routes("chalicelib.api.admin")
ADMIN = frozenset({Role.ADMIN})


@routes.add(
    "POST",
    "/admin/exams/{exam_id}/candidates",
    roles=ADMIN,
    body=NewCandidates,
    answer=EnrolledOut,
)
def enrol(call: Call, body: NewCandidates, exam_id: str) -> EnrolledOut:
    """Sign candidates up, and get where their registration photos are uploaded."""
    entries = [Entry(**one.model_dump()) for one in body.candidates]
    done = enrolling.enrol(call.world, exam_id, entries)
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


@routes.add(
    "POST", "/admin/exams/{exam_id}/candidates/{candidate_id}/photo", roles=ADMIN, answer=Done
)
def confirm_photo(call: Call, exam_id: str, candidate_id: str) -> Done:
    """Say that a candidate's registration photo has been uploaded."""
    enrolling.confirm_photo(call.world, exam_id, candidate_id)
    return Done()
