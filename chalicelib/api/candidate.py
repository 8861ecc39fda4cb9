"""Routes of the exam page."""

from chalicelib.api.roles import CANDIDATE, PUBLIC
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import plan_out, upload_out
from chalicelib.domain.capture.captures import CLIPS_FIRST, PICTURES_FIRST
from chalicelib.domain.errors import Conflict, TooMany, WrongState
from chalicelib.domain.exams.exams import SittingClosed
from chalicelib.domain.exams.papers import SequenceTooHigh, StaleAnswer
from chalicelib.domain.normalization import MalformedNumber, MalformedPasscode
from chalicelib.domain.rules.page_exits import PageExitReport
from chalicelib.domain.rules.safe_exam_browser import SafeExamBrowserRequired, SebProof
from chalicelib.domain.rules.sign_in_numbers import SecondNumberRequired
from chalicelib.domain.rules.sign_in_throttling import TooManyAttempts
from chalicelib.domain.types import View
from chalicelib.schemas.candidate import (
    AnswerIn,
    AnswerOut,
    ConsentIn,
    ExamOut,
    JoinCodeOut,
    NonceOut,
    PageExitIn,
    PaperOut,
    PledgeIn,
    SebProofIn,
    SebProvenOut,
    SessionOut,
    SignedInOut,
    SignInIn,
    VerificationUploadOut,
)
from chalicelib.schemas.common import CameraTestUploadOut, CapturePlanOut, FileOut, TicketOut
from chalicelib.schemas.serializers.candidate import answer_out, exam_out, paper_out, session_out
from chalicelib.services.core import session_access, tokens
from chalicelib.services.identity import verification
from chalicelib.services.monitoring import capture_plans, page_exits, scheduler
from chalicelib.services.ports import AppContext
from chalicelib.services.proctoring import requests
from chalicelib.services.sign_in import candidate, phone_pairing, safe_exam_browser
from chalicelib.services.sign_in.candidate import CandidateCredentials, InvalidCredentials
from chalicelib.services.sign_in.device_takeover import note_origin_of
from chalicelib.services.sitting import answers, camera_tests, check_in

routes = Routes("chalicelib.api.candidate")


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


def _session(context: AppContext, session_id: str) -> SessionOut:
    return session_out(session_access.read_session_view(context, session_id), context.clock())


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
    note_origin_of(request.context, bundle.session, request.origin)
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
    return _session(request.context, request.caller.subject)


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
    return _session(request.context, request.caller.subject)


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
    return _session(request.context, request.caller.subject)


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
    return _session(request.context, request.caller.subject)


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
    return _session(request.context, request.caller.subject)


@routes.add(
    "POST",
    "/candidate/lock",
    tag=Tag.ANSWERING,
    roles=CANDIDATE,
    body=PageExitIn,
    response=SessionOut,
    errors=(Conflict, WrongState),
)
def report_page_exit(request: ApiRequest, body: PageExitIn) -> SessionOut:
    """Report that the page was left, or that the candidate is back.

    Reports are applied in the order of their sequence. Idempotent.
    """
    if not request.caller.seb_verified:  # Safe Exam Browser locks the screen by itself
        report = PageExitReport(body.sequence, body.away, body.why, body.ago)
        page_exits.report_page_exit(request.context, request.caller.subject, report)
    return _session(request.context, request.caller.subject)


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
    "/candidate/start",
    tag=Tag.ANSWERING,
    roles=CANDIDATE,
    response=SessionOut,
    errors=(SafeExamBrowserRequired, Conflict, WrongState),
)
def start_answering(request: ApiRequest) -> SessionOut:
    """Open the paper and start the clock."""
    safe_exam_browser.require_session_proven(request.context, request.caller)
    check_in.start_answering(request.context, request.caller.subject)
    return _session(request.context, request.caller.subject)


@routes.add(
    "GET",
    "/candidate/paper",
    tag=Tag.ANSWERING,
    roles=CANDIDATE,
    response=PaperOut,
    errors=(SafeExamBrowserRequired, WrongState),
)
def show_paper(request: ApiRequest) -> PaperOut:
    """Show the questions, and the answers saved so far."""
    safe_exam_browser.require_session_proven(request.context, request.caller)
    paper, saved_answers = answers.read_paper(request.context, request.caller.subject)
    return paper_out(paper, saved_answers, request.context.media.view_url)


@routes.add(
    "PUT",
    "/candidate/answers/{question_id}",
    tag=Tag.ANSWERING,
    roles=CANDIDATE,
    body=AnswerIn,
    response=AnswerOut,
    handler_checks_device=True,
    errors=(Conflict, WrongState, StaleAnswer, SequenceTooHigh),
)
def save_answer(request: ApiRequest, body: AnswerIn, question_id: str) -> AnswerOut:
    """Save one answer; the highest sequence wins."""
    answer_input = answers.AnswerInput(body.sequence, body.value)
    return answer_out(
        answers.save_answer(request.context, request.caller, question_id, answer_input)
    )


@routes.add(
    "POST",
    "/candidate/submit",
    tag=Tag.ANSWERING,
    roles=CANDIDATE,
    response=SessionOut,
    errors=(Conflict, WrongState),
)
def submit(request: ApiRequest) -> SessionOut:
    """Submit the answers, and get the receipt. Idempotent."""
    answers.submit_answers(request.context, request.caller.subject)
    return _session(request.context, request.caller.subject)


@routes.add(
    "POST",
    "/candidate/captures",
    tag=Tag.CAPTURES,
    roles=CANDIDATE,
    response=CapturePlanOut,
    errors=(Conflict, WrongState, TooMany),
)
def plan_captures(request: ApiRequest) -> CapturePlanOut:
    """Plan the next captures, and get their upload forms."""
    plan = capture_plans.plan_captures(
        request.context, request.caller.subject, (PICTURES_FIRST, CLIPS_FIRST)
    )
    return plan_out(plan)


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


@routes.add(
    "POST",
    "/candidate/ask/begin",
    tag=Tag.CAPTURES,
    roles=CANDIDATE,
    response=CapturePlanOut,
    errors=(Conflict, WrongState),
)
def start_proctor_request(request: ApiRequest) -> CapturePlanOut:
    """Start what the proctor requested, and get the upload forms of its pictures."""
    return plan_out(requests.plan_requested_pictures(request.context, request.caller.subject))


@routes.add("POST", "/candidate/ticket", tag=Tag.CHECK_IN, roles=CANDIDATE, response=TicketOut)
def issue_candidate_ticket(request: ApiRequest) -> TicketOut:
    """Issue a ticket that opens the socket."""
    value, expires_at = tokens.issue_socket_ticket(request.context, request.caller)
    return TicketOut(ticket=value, expires_at=expires_at)
