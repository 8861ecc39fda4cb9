"""Safe Exam Browser: the file for it, and how a device proves that it runs it.

The proof is a digest over an address in which a one-time nonce stands, so a digest that was seen
once is worth nothing. A device that has proven itself gets a token that says so, and that token
alone opens the paper of a subject that requires it: proving costs the hot paths nothing.
"""

from dataclasses import replace

from chalicelib.domain.errors import NotFound, WrongState
from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.rules.safe_exam_browser import (
    SafeExamBrowserRequired,
    SebProof,
    SebUse,
    config_file,
    proof_url,
    verify_proof,
)
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import MINUTE, LocalizedText, Millis
from chalicelib.services.core.session_access import change_session, get_subject
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.ports import AppContext, ClaimedSitting, Claims, Nonce

NONCE_TTL: Millis = 2 * MINUTE
EXAM_OVER = LocalizedText("考试已结束。", "The exam is over.")


def config_file_for(context: AppContext, exam_id: str, subject_id: str) -> str:
    """Return a subject's .seb file. Raises NotFound where Safe Exam Browser is not offered."""
    subject = context.registry.exam(exam_id).subject(subject_id)
    if subject is None or not subject.safe_browser.has_config_file:
        raise NotFound
    return config_file(subject.safe_browser, exam_page_url(context))


def exam_page_url(context: AppContext) -> str:
    """Return the address of the exam page, as the file names it."""
    return f"{context.pages_url}/exam/index.html"


def require_proven(claims: Claims, subject: Subject) -> None:
    """Raise NotProven where the subject requires Safe Exam Browser and the caller is not in it."""
    if subject.safe_browser.use is SebUse.REQUIRED and not claims.seb_verified:
        raise SafeExamBrowserRequired


def require_session_proven(context: AppContext, claims: Claims) -> None:
    """Raise NotProven where the caller's own session requires Safe Exam Browser. NotFound."""
    session = context.sessions.session(claims.subject)
    require_proven(claims, get_subject(context, session))


def issue_nonce(context: AppContext, session_id: str) -> Nonce:
    """Return a one-time nonce for a proof. Raises NotFound at the end, or where none is asked for."""
    session = context.sessions.session(session_id)
    if (
        session.state in FINAL_STATES
        or not get_subject(context, session).safe_browser.has_config_file
    ):
        raise NotFound
    nonce = Nonce(context.new_id() + context.new_id(), session_id, context.clock() + NONCE_TTL)
    context.sessions.commit(nonce)
    return nonce


def exchange_proof(
    context: AppContext, claims: Claims, nonce: str, by_header: SebProof, by_page: SebProof
) -> tuple[str, Millis]:
    """Take a device's proof, by the request's headers or by what the page read; return a token.

    The nonce is used up, right or wrong. Raises NotProven.
    """
    session = _session_of(context, claims, nonce)
    rule = get_subject(context, session).safe_browser
    page_url = exam_page_url(context)
    # The header's digest is over this request's own address, in which the nonce stands.
    ways = {
        "header": by_header.url.endswith(f"/{nonce}") and verify_proof(rule, page_url, by_header),
        "page": verify_proof(rule, page_url, replace(by_page, url=proof_url(page_url, nonce))),
    }
    way = next((name for name, right in ways.items() if right), None)
    if way is None or not rule.has_config_file:
        raise SafeExamBrowserRequired
    now = context.clock()
    change_session(
        context,
        session.session_id,
        lambda one: with_audit(one, now, "candidate", "safe_browser_proven", way=way),
    )
    sitting = ClaimedSitting(session.subject_id, session.kind)
    sealed = replace(claims, sitting=sitting, seb_verified=True)
    return context.tokens.issue(sealed, API_AUDIENCE), sealed.expires_at


def _session_of(context: AppContext, claims: Claims, nonce: str) -> Session:
    try:
        taken = context.sessions.consume_nonce(nonce, context.clock())
    except NotFound:
        raise SafeExamBrowserRequired from None
    if taken.session_id != claims.subject:
        raise SafeExamBrowserRequired
    session = context.sessions.session(taken.session_id)
    if session.state in FINAL_STATES:
        raise WrongState(EXAM_OVER)
    return session
