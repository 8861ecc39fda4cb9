"""Routes of the exam page while the candidate answers: paper, answers, captures, page exits."""

from chalicelib.api.own_session import own_session_out
from chalicelib.api.roles import CANDIDATE
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import plan_out
from chalicelib.domain.capture.captures import CLIPS_FIRST, PICTURES_FIRST
from chalicelib.domain.errors import Conflict, TooMany, WrongState
from chalicelib.domain.exams.papers import SequenceTooHigh, StaleAnswer
from chalicelib.domain.rules.page_exits import PageExitReport
from chalicelib.domain.rules.safe_exam_browser import SafeExamBrowserRequired
from chalicelib.schemas.candidate import PageExitIn, SessionOut
from chalicelib.schemas.common import CapturePlanOut
from chalicelib.schemas.papers import AnswerIn, AnswerOut, PaperOut
from chalicelib.schemas.serializers.candidate import answer_out, paper_out
from chalicelib.services.monitoring import capture_plans, page_exits
from chalicelib.services.proctoring import requests
from chalicelib.services.sign_in import safe_exam_browser
from chalicelib.services.sitting import answers, check_in

routes = Routes("chalicelib.api.candidate_sitting")


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
    return own_session_out(request)


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
    return own_session_out(request)


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
        answers.save_answer(
            request.context, request.caller, question_id, answer_input, request.origin
        )
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
    return own_session_out(request)


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
    "/candidate/ask/begin",
    tag=Tag.CAPTURES,
    roles=CANDIDATE,
    response=CapturePlanOut,
    errors=(Conflict, WrongState),
)
def start_proctor_request(request: ApiRequest) -> CapturePlanOut:
    """Start what the proctor requested, and get the upload forms of its pictures."""
    return plan_out(requests.plan_requested_pictures(request.context, request.caller.subject))
