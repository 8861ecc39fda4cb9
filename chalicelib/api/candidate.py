"""Routes of the exam page."""

from chalicelib.api.roles import CANDIDATE, PUBLIC
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import plan_out, upload_out
from chalicelib.domain.capture.captures import CLIPS_FIRST, PICTURES_FIRST
from chalicelib.domain.errors import Conflict, TooMany, WrongState
from chalicelib.domain.exams.exams import SittingClosed
from chalicelib.domain.exams.papers import StaleAnswer
from chalicelib.domain.rules.page_exits import PageExitReport
from chalicelib.domain.rules.safe_exam_browser import SafeExamBrowserRequired, SebProof
from chalicelib.domain.rules.sign_in_throttling import TooManyAttempts
from chalicelib.domain.sessions.session_view import CandidateSessionView
from chalicelib.domain.types import Millis, View
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
from chalicelib.services.sitting import answers, camera_tests, check_in

routes = Routes("chalicelib.api.candidate")


@routes.add("GET", "/exams/{exam_id}", tag=Tag.EXAMS, roles=PUBLIC, response=ExamOut)
def show_exam(request: ApiRequest, exam_id: str) -> ExamOut:
    """Show an exam's name and subjects, before signing in."""
    return exam_out(request.context.registry.exam(exam_id), request.context.clock())


@routes.add(
    "GET",
    "/exams/{exam_id}/subjects/{subject_id}/exam.seb",
    tag=Tag.EXAMS,
    roles=PUBLIC,
    response=FileOut,
)
def show_safe_browser_file(request: ApiRequest, exam_id: str, subject_id: str) -> FileOut:
    """Get a subject's file for Safe Exam Browser, which opens it by a «sebs://» link."""
    content = safe_exam_browser.config_file_for(request.context, exam_id, subject_id)
    return FileOut(content=content, media_type="application/seb")


@routes.add(
    "POST",
    "/candidate/sign-in",
    tag=Tag.CHECK_IN,
    roles=PUBLIC,
    body=SignInIn,
    response=SignedInOut,
    errors=(InvalidCredentials, SittingClosed, Conflict, TooManyAttempts),
)
def sign_in(request: ApiRequest, body: SignInIn) -> SignedInOut:
    """Sign a candidate in with a number and a passcode."""
    credentials = CandidateCredentials(
        body.exam_id, body.subject_id, body.number, body.passcode, request.address, body.device
    )
    entered = candidate.sign_in(request.context, credentials)
    session = _signed_in_out(entered.view, request.context.clock())
    return SignedInOut(token=entered.token, expires_at=entered.expires_at, session=session)


def _session(context: AppContext, session_id: str) -> SessionOut:
    return _signed_in_out(session_access.read_session_view(context, session_id), context.clock())


def _signed_in_out(view: CandidateSessionView, now: Millis) -> SessionOut:
    return session_out(view, now)


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
    """Show where the candidate's own session stands."""
    bundle = scheduler.bring_up_to_date(
        request.context, request.caller.subject, generation=request.caller.generation
    )
    return _signed_in_out(
        session_access.session_view(request.context, bundle), request.context.clock()
    )


@routes.add(
    "POST",
    "/candidate/confirm-info",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    response=SessionOut,
    errors=(Conflict, WrongState),
)
def confirm_info(request: ApiRequest) -> SessionOut:
    """Confirm that the person shown is oneself."""
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
def pledge(request: ApiRequest, body: PledgeIn) -> SessionOut:
    """Agree to the pledge, or decline it and leave."""
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
def face_consent(request: ApiRequest, body: ConsentIn) -> SessionOut:
    """Agree to the processing of one's face, refuse it, or take a consent back."""
    verification.record_consent(request.context, request.caller.subject, agreed=body.agreed)
    return _session(request.context, request.caller.subject)


@routes.add(
    "POST",
    "/candidate/identity",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    response=VerificationUploadOut,
    errors=(Conflict, WrongState),
)
def begin_identity(request: ApiRequest) -> VerificationUploadOut:
    """Begin photo verification: where to upload the picture taken now."""
    begun = verification.start_verification(request.context, request.caller.subject)
    capture_id = begun.attempt.capture_id
    return VerificationUploadOut(
        upload=upload_out(capture_id, begun.straight),
        turn=begun.attempt.turn,
        turned=upload_out(capture_id, begun.turned),
    )


@routes.add(
    "POST",
    "/candidate/second-view/code",
    tag=Tag.SECOND_VIEW,
    roles=CANDIDATE,
    response=JoinCodeOut,
    errors=(Conflict,),
)
def second_view_code(request: ApiRequest) -> JoinCodeOut:
    """Get a one-time code by which the phone joins."""
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
def second_view_ready(request: ApiRequest) -> SessionOut:
    """Go on with the phone joined, or without where the subject allows."""
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
def report_lock(request: ApiRequest, body: PageExitIn) -> SessionOut:
    """Report that the page was left, or is back; in order, and safe to repeat."""
    if not request.caller.seb_verified:  # Safe Exam Browser holds the screen by itself
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
def begin_proof(request: ApiRequest) -> NonceOut:
    """Get a one-time nonce for a proof of Safe Exam Browser."""
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
def prove_safe_browser(request: ApiRequest, body: SebProofIn, nonce: str) -> SebProvenOut:
    """Prove that this device runs Safe Exam Browser, by headers or by what the page read."""
    by_header = SebProof(
        request.url,
        request.headers.get("x-safeexambrowser-configkeyhash", ""),
        request.headers.get("x-safeexambrowser-requesthash", ""),
    )
    by_page = SebProof("", body.config_key or "", body.exam_key or "")
    token, expires_at = safe_exam_browser.exchange_proof(
        request.context, request.caller, nonce, by_header, by_page
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
def start(request: ApiRequest) -> SessionOut:
    """Open the paper; the clock runs."""
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
    """Show the questions and the answers saved so far."""
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
    errors=(Conflict, WrongState, StaleAnswer),
)
def save_answer(request: ApiRequest, body: AnswerIn, question_id: str) -> AnswerOut:
    """Save one answer; of two, the higher sequence is true."""
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
    """Hand in; the session's receipt is the same however often this is called."""
    answers.submit_answers(request.context, request.caller.subject)
    return _session(request.context, request.caller.subject)


@routes.add(
    "POST",
    "/candidate/captures",
    tag=Tag.CAPTURES,
    roles=CANDIDATE,
    response=CapturePlanOut,
    errors=(Conflict, WrongState),
)
def plan_captures(request: ApiRequest) -> CapturePlanOut:
    """Get the next window's capture moments and where to upload each."""
    window = capture_plans.plan_captures(
        request.context, request.caller.subject, (PICTURES_FIRST, CLIPS_FIRST)
    )
    return plan_out(window)


@routes.add(
    "POST",
    "/candidate/test-shot",
    tag=Tag.DEVICE_CHECKS,
    roles=CANDIDATE,
    response=CameraTestUploadOut,
    errors=(Conflict, WrongState, TooMany),
)
def test_shot(request: ApiRequest) -> CameraTestUploadOut:
    """Try the computer's camera: where to upload a picture that says how it stands."""
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
def begin_ask(request: ApiRequest) -> CapturePlanOut:
    """Begin what the proctor asked for: its pictures, and where each is uploaded."""
    return plan_out(requests.plan_requested_pictures(request.context, request.caller.subject))


@routes.add("POST", "/candidate/ticket", tag=Tag.CHECK_IN, roles=CANDIDATE, response=TicketOut)
def ticket(request: ApiRequest) -> TicketOut:
    """Get a ticket for the socket."""
    value, expires_at = tokens.issue_socket_ticket(request.context, request.caller)
    return TicketOut(ticket=value, expires_at=expires_at)
