"""Routes of passcodes: making them, sending them by SMS, showing and exporting them."""

from chalicelib.api.exam_settings import SUBJECT, edit_context, setup_out
from chalicelib.api.roles import ADMIN
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.types import SittingKind
from chalicelib.schemas.common import Done
from chalicelib.schemas.passcodes import (
    CandidatePasscodeOut,
    CandidateSittingIn,
    PasscodeExportIn,
    PasscodeExportOut,
    PasscodeIn,
    PasscodeOut,
    ResendPasscodeIn,
    ShownPasscodeOut,
    SmsBatchIn,
    SmsBatchOut,
)
from chalicelib.schemas.serializers.admin import sms_batch_out
from chalicelib.services.admin import candidate_passcodes, exam_settings, passcode_sms
from chalicelib.services.admin.candidate_passcodes import CandidateSitting
from chalicelib.services.admin.exam_settings import PasscodeForm

routes = Routes("chalicelib.api.passcodes")
CANDIDATE_PATH = "/admin/exams/{exam_id}/candidates/{candidate_id}"


@routes.add(
    "POST",
    SUBJECT + "/passcodes",
    tag=Tag.PASSCODES,
    roles=ADMIN,
    body=PasscodeIn,
    response=PasscodeOut,
    errors=(Conflict,),
)
def create_passcode(
    request: ApiRequest, body: PasscodeIn, exam_id: str, subject_id: str
) -> PasscodeOut:
    """Create a new passcode for a sitting, or a new one for each of its candidates.

    A shared passcode is shown this once.
    """
    edit = edit_context(request, exam_id, body.version)
    exam, passcode = exam_settings.new_passcode(
        request.context, edit, PasscodeForm(subject_id, body.kind, body.mode)
    )
    return PasscodeOut(passcode=passcode, exam=setup_out(request, exam))


@routes.add(
    "POST",
    SUBJECT + "/mailings",
    tag=Tag.PASSCODES,
    roles=ADMIN,
    body=SmsBatchIn,
    response=SmsBatchOut,
    errors=(Conflict, WrongState),
)
def send_passcode(
    request: ApiRequest, body: SmsBatchIn, exam_id: str, subject_id: str
) -> SmsBatchOut:
    """Send a sitting's passcode by SMS to every candidate of the subject."""
    sms_request = passcode_sms.SmsRequest(
        exam_id, subject_id, body.kind, body.language, resend=body.again
    )
    passcode_sms.start_batch(request.context, request.staff, sms_request)
    return _sms_batch_out(request, exam_id, subject_id, body.kind)


@routes.add(
    "GET", SUBJECT + "/mailings/{kind}", tag=Tag.PASSCODES, roles=ADMIN, response=SmsBatchOut
)
def show_passcode_sms(request: ApiRequest, exam_id: str, subject_id: str, kind: str) -> SmsBatchOut:
    """Show the progress of sending a sitting's passcode."""
    if kind not in set(SittingKind):
        raise NotFound
    return _sms_batch_out(request, exam_id, subject_id, SittingKind(kind))


def _sms_batch_out(
    request: ApiRequest, exam_id: str, subject_id: str, kind: SittingKind
) -> SmsBatchOut:
    progress = passcode_sms.progress(request.context, exam_id, subject_id, kind)
    return sms_batch_out(
        progress.batch, progress.counts, progress.failures, request.context.clock()
    )


@routes.add(
    "POST",
    SUBJECT + "/passcodes/export",
    tag=Tag.PASSCODES,
    roles=ADMIN,
    body=PasscodeExportIn,
    response=PasscodeExportOut,
    errors=(Conflict, WrongState),
)
def export_passcodes(
    request: ApiRequest, body: PasscodeExportIn, exam_id: str, subject_id: str
) -> PasscodeExportOut:
    """Export the passcodes of a subject's candidates, page by page; each page is on record."""
    page = candidate_passcodes.export_passcodes(
        request.context, request.staff, exam_id, subject_id, body.kind, body.after
    )
    rows = [
        CandidatePasscodeOut(
            name=row.candidate.name,
            admission_number=row.candidate.admission_number,
            passcode=row.passcode,
        )
        for row in page.passcodes
    ]
    return PasscodeExportOut(passcodes=rows, after=page.after)


@routes.add(
    "POST",
    CANDIDATE_PATH + "/passcode",
    tag=Tag.PASSCODES,
    roles=ADMIN,
    body=CandidateSittingIn,
    response=ShownPasscodeOut,
    errors=(Conflict, WrongState),
)
def show_passcode(
    request: ApiRequest, body: CandidateSittingIn, exam_id: str, candidate_id: str
) -> ShownPasscodeOut:
    """Show a candidate's passcode, for whoever did not get the SMS; it is on record."""
    sitting = CandidateSitting(exam_id, candidate_id, body.subject_id, body.kind)
    return ShownPasscodeOut(
        passcode=candidate_passcodes.show_passcode(request.context, request.staff, sitting)
    )


@routes.add(
    "POST",
    CANDIDATE_PATH + "/passcode/replace",
    tag=Tag.PASSCODES,
    roles=ADMIN,
    body=CandidateSittingIn,
    response=ShownPasscodeOut,
    errors=(Conflict, WrongState),
)
def replace_passcode(
    request: ApiRequest, body: CandidateSittingIn, exam_id: str, candidate_id: str
) -> ShownPasscodeOut:
    """Make one candidate a new passcode; the one before ends at once, and it is on record.

    Everybody else's stays. Nothing is sent: send the passcode by SMS again, or tell it.
    """
    sitting = CandidateSitting(exam_id, candidate_id, body.subject_id, body.kind)
    return ShownPasscodeOut(
        passcode=candidate_passcodes.replace_passcode(request.context, request.staff, sitting)
    )


@routes.add(
    "POST",
    CANDIDATE_PATH + "/passcode/sms",
    tag=Tag.PASSCODES,
    roles=ADMIN,
    body=ResendPasscodeIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def resend_passcode(
    request: ApiRequest, body: ResendPasscodeIn, exam_id: str, candidate_id: str
) -> Done:
    """Send a candidate the passcode by SMS again; it is on record."""
    sitting = CandidateSitting(exam_id, candidate_id, body.subject_id, body.kind)
    candidate_passcodes.resend_passcode(request.context, request.staff, sitting, body.language)
    return Done()
