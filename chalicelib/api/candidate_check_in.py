"""Routes of the exam page until the paper opens: sign-in, check-in and the second view."""

from chalicelib.api.own_session import own_session_out
from chalicelib.api.roles import CANDIDATE, PUBLIC
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import upload_out
from chalicelib.domain.errors import Conflict, TooMany, WrongState
from chalicelib.domain.exams.exams import SittingClosed
from chalicelib.domain.normalization import MalformedNumber, MalformedPasscode
from chalicelib.domain.rules.safe_exam_browser import SafeExamBrowserRequired, SebProof
from chalicelib.domain.rules.sign_in_numbers import SecondNumberRequired
from chalicelib.domain.rules.sign_in_throttling import TooManyAttempts
from chalicelib.domain.types import View
from chalicelib.schemas.candidate import (
    ConsentIn,
    ExamOut,
    JoinCodeOut,
    NonceOut,
    PledgeIn,
    SebProofIn,
    SebProvenOut,
    SessionOut,
    SignedInOut,
    SignInIn,
    VerificationUploadOut,
)
from chalicelib.schemas.common import CameraTestUploadOut, FileOut, TicketOut
from chalicelib.schemas.serializers.candidate import exam_out, session_out
from chalicelib.services.core import session_access, tokens
from chalicelib.services.identity import verification
from chalicelib.services.monitoring import scheduler
from chalicelib.services.sign_in import candidate, phone_pairing, safe_exam_browser
from chalicelib.services.sign_in.candidate import CandidateCredentials, InvalidCredentials
from chalicelib.services.sitting import camera_tests, check_in

routes = Routes("chalicelib.api.candidate_check_in")


@routes.add("GET", "/exams/{exam_id}", tag=Tag.EXAMS, roles=PUBLIC, response=ExamOut)
def show_exam(request: ApiRequest, exam_id: str) -> ExamOut:
    """Show an exam's name, subjects and times."""
    return exam_out(request.context.registry.exam(exam_id), request.context.clock())


@routes.add(
    "GET",
    "/exams/{exam_id}/subjects/{subject_id}/exam.seb",
    tag=Tag.EXAMS,
    roles=PUBLIC,
    response=FileOut,
)
def show_seb_config_file(request: ApiRequest, exam_id: str, subject_id: str) -> FileOut:
    """Download a subject's configuration file for Safe Exam Browser.

    Safe Exam Browser itself opens it, by a «sebs://» link.
    """
    content = safe_exam_browser.config_file_for(request.context, exam_id, subject_id)
    return FileOut(content=content, media_type="application/seb")


@routes.add(
    "POST",
    "/candidate/sign-in",
    tag=Tag.CHECK_IN,
    roles=PUBLIC,
    body=SignInIn,
    response=SignedInOut,
    errors=(
        MalformedNumber,
        MalformedPasscode,
        SecondNumberRequired,
        InvalidCredentials,
        SittingClosed,
        Conflict,
        TooManyAttempts,
    ),
)
def sign_in(request: ApiRequest, body: SignInIn) -> SignedInOut:
    """Sign a candidate in with the numbers that the subject asks for, and a passcode.

    Numbers and passcode are compared as people type them: width, case, spaces, dashes and quotes
    make no difference. What cannot be a number or a passcode is refused without counting.
    """
    credentials = CandidateCredentials(
        exam_id=body.exam_id,
        subject_id=body.subject_id,
        number=body.number,
        second_number=body.second_number,
        passcode=body.passcode,
        address=request.address,
        browser_id=body.device,
        user_agent=request.user_agent,
    )
    result = candidate.sign_in(request.context, credentials)
    session = session_out(result.view, request.context.clock())
    return SignedInOut(token=result.token, expires_at=result.expires_at, session=session)


@routes.add(
    "GET",
    "/candidate/session",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    response=SessionOut,
    handler_checks_device=True,
    errors=(Conflict, WrongState),
)
def show_session(request: ApiRequest) -> SessionOut:
    """Show the candidate's own session."""
    bundle = scheduler.bring_up_to_date(
        request.context, request.caller.subject, generation=request.caller.generation
    )
    request.tell_origin(bundle.session)
    view = session_access.session_view(request.context, bundle)
    return session_out(view, request.context.clock())


@routes.add(
    "POST",
    "/candidate/confirm-info",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    response=SessionOut,
    errors=(Conflict, WrongState),
)
def confirm_info(request: ApiRequest) -> SessionOut:
    """Confirm the personal details."""
    check_in.confirm_info(request.context, request.caller.subject)
    return own_session_out(request)


@routes.add(
    "POST",
    "/candidate/pledge",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    body=PledgeIn,
    response=SessionOut,
    errors=(Conflict, WrongState),
)
def answer_pledge(request: ApiRequest, body: PledgeIn) -> SessionOut:
    """Accept the pledge, or decline it and leave."""
    check_in.answer_pledge(request.context, request.caller.subject, agreed=body.agreed)
    return own_session_out(request)


@routes.add(
    "POST",
    "/candidate/face-consent",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    body=ConsentIn,
    response=SessionOut,
    errors=(Conflict, WrongState),
)
def record_consent(request: ApiRequest, body: ConsentIn) -> SessionOut:
    """Give, refuse or withdraw consent to face processing."""
    verification.record_consent(request.context, request.caller.subject, agreed=body.agreed)
    return own_session_out(request)


@routes.add(
    "POST",
    "/candidate/identity",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    response=VerificationUploadOut,
    errors=(Conflict, WrongState, TooMany),
)
def start_verification(request: ApiRequest) -> VerificationUploadOut:
    """Start an identity verification attempt, and get its upload forms."""
    verification_upload = verification.start_verification(request.context, request.caller.subject)
    capture_id = verification_upload.attempt.capture_id
    return VerificationUploadOut(
        upload=upload_out(capture_id, verification_upload.straight),
        turn=verification_upload.attempt.turn,
        turned=upload_out(capture_id, verification_upload.turned),
    )


@routes.add(
    "POST",
    "/candidate/second-view/code",
    tag=Tag.SECOND_VIEW,
    roles=CANDIDATE,
    response=JoinCodeOut,
    errors=(Conflict,),
)
def issue_join_code(request: ApiRequest) -> JoinCodeOut:
    """Issue a one-time code by which the phone joins."""
    code = phone_pairing.issue_join_code(request.context, request.caller.subject)
    return JoinCodeOut(code=code.code, expires_at=code.expires_at)


@routes.add(
    "POST",
    "/candidate/second-view/ready",
    tag=Tag.SECOND_VIEW,
    roles=CANDIDATE,
    response=SessionOut,
    errors=(Conflict, WrongState),
)
def confirm_second_view(request: ApiRequest) -> SessionOut:
    """Continue with the phone paired, or without one where the subject allows it."""
    check_in.confirm_second_view(request.context, request.caller.subject)
    return own_session_out(request)


@routes.add(
    "POST",
    "/candidate/waiting-room",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    response=SessionOut,
    errors=(Conflict, WrongState),
)
def enter_waiting_room(request: ApiRequest) -> SessionOut:
    """Enter the waiting room."""
    check_in.enter_waiting_room(request.context, request.caller.subject)
    return own_session_out(request)


@routes.add(
    "POST",
    "/candidate/safe-browser",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    response=NonceOut,
    errors=(Conflict, WrongState),
)
def issue_seb_nonce(request: ApiRequest) -> NonceOut:
    """Issue a one-time nonce for a proof of Safe Exam Browser."""
    nonce = safe_exam_browser.issue_nonce(request.context, request.caller.subject)
    return NonceOut(nonce=nonce.nonce, expires_at=nonce.expires_at)


@routes.add(
    "POST",
    "/candidate/safe-browser/{nonce}",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    body=SebProofIn,
    response=SebProvenOut,
    errors=(SafeExamBrowserRequired, Conflict, WrongState),
)
def exchange_seb_proof(request: ApiRequest, body: SebProofIn, nonce: str) -> SebProvenOut:
    """Exchange a proof of Safe Exam Browser for a token that confirms it.

    The proof is in the request's headers, or is what the page read.
    """
    header_proof = SebProof(
        request.url,
        request.headers.get("x-safeexambrowser-configkeyhash", ""),
        request.headers.get("x-safeexambrowser-requesthash", ""),
    )
    page_proof = SebProof("", body.config_key or "", body.exam_key or "")
    token, expires_at = safe_exam_browser.exchange_proof(
        request.context, request.caller, nonce, header_proof, page_proof
    )
    return SebProvenOut(token=token, expires_at=expires_at)


@routes.add(
    "POST",
    "/candidate/test-shot",
    tag=Tag.DEVICE_CHECKS,
    roles=CANDIDATE,
    response=CameraTestUploadOut,
    errors=(Conflict, WrongState, TooMany),
)
def start_camera_test(request: ApiRequest) -> CameraTestUploadOut:
    """Start a test of the computer's camera, and get its upload form."""
    camera_test, form = camera_tests.start_camera_test(
        request.context, request.caller.subject, View.FIRST
    )
    return CameraTestUploadOut(upload=upload_out(camera_test.capture_id, form))


@routes.add("POST", "/candidate/ticket", tag=Tag.CHECK_IN, roles=CANDIDATE, response=TicketOut)
def issue_candidate_ticket(request: ApiRequest) -> TicketOut:
    """Issue a ticket that opens the socket."""
    value, expires_at = tokens.issue_socket_ticket(request.context, request.caller)
    return TicketOut(ticket=value, expires_at=expires_at)
