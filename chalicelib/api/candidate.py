"""Routes of the exam page."""

from chalicelib.api.routing import ANYBODY, Call, Routes
from chalicelib.api.upload_forms import plan_out, upload_out
from chalicelib.domain.capture.captures import CLIPS_FIRST, PICTURES_FIRST
from chalicelib.domain.rules.page_exits import Report
from chalicelib.domain.rules.safe_exam_browser import Proof
from chalicelib.domain.sessions.session_view import Seated
from chalicelib.domain.types import Millis, Role, View
from chalicelib.schemas.candidate import (
    AnswerIn,
    AnswerOut,
    CodeOut,
    ConsentIn,
    ExamOut,
    IdentityUpload,
    LockIn,
    NonceOut,
    PaperOut,
    PledgeIn,
    ProofIn,
    ProvenOut,
    SessionOut,
    SignedIn,
    SignInIn,
)
from chalicelib.schemas.common import FileOut, PlanOut, ShotBegun, TicketOut
from chalicelib.schemas.serializers.candidate import answer_out, exam_out, paper_out, session_out
from chalicelib.services.core import session_access, tokens
from chalicelib.services.identity import verification
from chalicelib.services.monitoring import capture_plans, page_exits, scheduler
from chalicelib.services.ports import World
from chalicelib.services.proctoring import requests
from chalicelib.services.sign_in import candidate, phone_pairing, safe_exam_browser
from chalicelib.services.sign_in.candidate import Numbers
from chalicelib.services.sitting import answers, camera_tests, check_in

routes = Routes("chalicelib.api.candidate")
CANDIDATE = frozenset({Role.CANDIDATE})


@routes.add("GET", "/exams/{exam_id}", roles=ANYBODY, answer=ExamOut)
def show_exam(call: Call, exam_id: str) -> ExamOut:
    """Show an exam's name and subjects, before signing in."""
    return exam_out(call.world.registry.exam(exam_id), call.world.clock())


@routes.add("GET", "/exams/{exam_id}/subjects/{subject_id}/exam.seb", roles=ANYBODY, answer=FileOut)
def show_safe_browser_file(call: Call, exam_id: str, subject_id: str) -> FileOut:
    """Get a subject's file for Safe Exam Browser, which opens it by a «sebs://» link."""
    content = safe_exam_browser.file_for(call.world, exam_id, subject_id)
    return FileOut(content=content, media_type="application/seb")


@routes.add("POST", "/candidate/sign-in", roles=ANYBODY, body=SignInIn, answer=SignedIn)
def sign_in(call: Call, body: SignInIn) -> SignedIn:
    """Sign a candidate in with a number and a passcode."""
    given = Numbers(
        body.exam_id, body.subject_id, body.number, body.passcode, call.address, body.device
    )
    entered = candidate.sign_in(call.world, given)
    session = _shown(entered.seated, call.world.clock())
    return SignedIn(token=entered.token, expires_at=entered.expires_at, session=session)


def _session(world: World, session_id: str) -> SessionOut:
    return _shown(session_access.read_seated(world, session_id), world.clock())


def _shown(seated: Seated, now: Millis) -> SessionOut:
    return session_out(seated, now)


@routes.add("GET", "/candidate/session", roles=CANDIDATE, answer=SessionOut, checks_device=True)
def show_session(call: Call) -> SessionOut:
    """Show where the candidate's own session stands."""
    whole = scheduler.look_at(call.world, call.who.subject, back=call.who.generation)
    return _shown(session_access.seated(call.world, whole), call.world.clock())


@routes.add("POST", "/candidate/confirm-info", roles=CANDIDATE, answer=SessionOut)
def confirm_info(call: Call) -> SessionOut:
    """Confirm that the person shown is oneself."""
    check_in.confirm_info(call.world, call.who.subject)
    return _session(call.world, call.who.subject)


@routes.add("POST", "/candidate/pledge", roles=CANDIDATE, body=PledgeIn, answer=SessionOut)
def pledge(call: Call, body: PledgeIn) -> SessionOut:
    """Agree to the pledge, or decline it and leave."""
    check_in.pledge(call.world, call.who.subject, agreed=body.agreed)
    return _session(call.world, call.who.subject)


@routes.add("POST", "/candidate/face-consent", roles=CANDIDATE, body=ConsentIn, answer=SessionOut)
def face_consent(call: Call, body: ConsentIn) -> SessionOut:
    """Agree to the processing of one's face, refuse it, or take a consent back."""
    verification.say_consent(call.world, call.who.subject, agreed=body.agreed)
    return _session(call.world, call.who.subject)


@routes.add("POST", "/candidate/identity", roles=CANDIDATE, answer=IdentityUpload)
def begin_identity(call: Call) -> IdentityUpload:
    """Begin photo verification: where to upload the picture taken now."""
    begun = verification.begin_capture(call.world, call.who.subject)
    capture_id = begun.capture.capture_id
    return IdentityUpload(
        upload=upload_out(capture_id, begun.straight),
        turn=begun.capture.turn,
        turned=upload_out(capture_id, begun.turned),
    )


@routes.add("POST", "/candidate/second-view/code", roles=CANDIDATE, answer=CodeOut)
def second_view_code(call: Call) -> CodeOut:
    """Get a one-time code by which the phone joins."""
    code = phone_pairing.issue_code(call.world, call.who.subject)
    return CodeOut(code=code.code, expires_at=code.expires_at)


@routes.add("POST", "/candidate/second-view/ready", roles=CANDIDATE, answer=SessionOut)
def second_view_ready(call: Call) -> SessionOut:
    """Go on with the phone joined, or without where the subject allows."""
    check_in.ready_second_view(call.world, call.who.subject)
    return _session(call.world, call.who.subject)


@routes.add("POST", "/candidate/waiting-room", roles=CANDIDATE, answer=SessionOut)
def enter_waiting_room(call: Call) -> SessionOut:
    """Enter the waiting room."""
    check_in.enter_waiting_room(call.world, call.who.subject)
    return _session(call.world, call.who.subject)


@routes.add("POST", "/candidate/lock", roles=CANDIDATE, body=LockIn, answer=SessionOut)
def report_lock(call: Call, body: LockIn) -> SessionOut:
    """Report that the page was left, or is back; in order, and safe to repeat."""
    if not call.who.sealed:  # Safe Exam Browser holds the screen by itself
        report = Report(body.sequence, body.away, body.why, body.ago)
        page_exits.report_lock(call.world, call.who.subject, report)
    return _session(call.world, call.who.subject)


@routes.add("POST", "/candidate/safe-browser", roles=CANDIDATE, answer=NonceOut)
def begin_proof(call: Call) -> NonceOut:
    """Get a one-time nonce for a proof of Safe Exam Browser."""
    nonce = safe_exam_browser.issue_nonce(call.world, call.who.subject)
    return NonceOut(nonce=nonce.nonce, expires_at=nonce.expires_at)


@routes.add(
    "POST", "/candidate/safe-browser/{nonce}", roles=CANDIDATE, body=ProofIn, answer=ProvenOut
)
def prove_safe_browser(call: Call, body: ProofIn, nonce: str) -> ProvenOut:
    """Prove that this device runs Safe Exam Browser, by headers or by what the page read."""
    by_header = Proof(
        call.url,
        call.headers.get("x-safeexambrowser-configkeyhash", ""),
        call.headers.get("x-safeexambrowser-requesthash", ""),
    )
    by_page = Proof("", body.config_key or "", body.exam_key or "")
    token, expires_at = safe_exam_browser.prove(call.world, call.who, nonce, by_header, by_page)
    return ProvenOut(token=token, expires_at=expires_at)


@routes.add("POST", "/candidate/start", roles=CANDIDATE, answer=SessionOut)
def start(call: Call) -> SessionOut:
    """Open the paper; the clock runs."""
    safe_exam_browser.check_session_sealed(call.world, call.who)
    check_in.start_answering(call.world, call.who.subject)
    return _session(call.world, call.who.subject)


@routes.add("GET", "/candidate/paper", roles=CANDIDATE, answer=PaperOut)
def show_paper(call: Call) -> PaperOut:
    """Show the questions and the answers saved so far."""
    safe_exam_browser.check_session_sealed(call.world, call.who)
    paper, saved_answers = answers.read_paper(call.world, call.who.subject)
    return paper_out(paper, saved_answers, call.world.media.view_url)


@routes.add(
    "PUT",
    "/candidate/answers/{question_id}",
    roles=CANDIDATE,
    body=AnswerIn,
    answer=AnswerOut,
    checks_device=True,
)
def save_answer(call: Call, body: AnswerIn, question_id: str) -> AnswerOut:
    """Save one answer; of two, the higher sequence is true."""
    given = (body.sequence, body.value)
    return answer_out(answers.save_answer(call.world, call.who, question_id, given))


@routes.add("POST", "/candidate/submit", roles=CANDIDATE, answer=SessionOut)
def submit(call: Call) -> SessionOut:
    """Hand in; the session's receipt is the same however often this is called."""
    answers.hand_in(call.world, call.who.subject)
    return _session(call.world, call.who.subject)


@routes.add("POST", "/candidate/captures", roles=CANDIDATE, answer=PlanOut)
def plan_captures(call: Call) -> PlanOut:
    """Get the next window's capture moments and where to upload each."""
    window = capture_plans.plan_captures(
        call.world, call.who.subject, (PICTURES_FIRST, CLIPS_FIRST)
    )
    return plan_out(window)


@routes.add("POST", "/candidate/test-shot", roles=CANDIDATE, answer=ShotBegun)
def test_shot(call: Call) -> ShotBegun:
    """Try the computer's camera: where to upload a picture that says how it stands."""
    shot, form = camera_tests.begin_shot(call.world, call.who.subject, View.FIRST)
    return ShotBegun(upload=upload_out(shot.capture_id, form))


@routes.add("POST", "/candidate/ask/begin", roles=CANDIDATE, answer=PlanOut)
def begin_ask(call: Call) -> PlanOut:
    """Begin what the proctor asked for: its pictures, and where each is uploaded."""
    return plan_out(requests.begin(call.world, call.who.subject))


@routes.add("POST", "/candidate/ticket", roles=CANDIDATE, answer=TicketOut)
def ticket(call: Call) -> TicketOut:
    """Get a ticket for the socket."""
    value, expires_at = tokens.issue_ticket(call.world, call.who)
    return TicketOut(ticket=value, expires_at=expires_at)
