"""Safe Exam Browser (SEB): its configuration file, and the proof that a device runs it.

The proof is a digest over an address that contains a one-time nonce, so it cannot be replayed. In
exchange the device gets a token with the claim `seb_verified`. A subject that requires SEB is
opened by such a token only, and the frequent requests check nothing but the claim.
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
from chalicelib.domain.sessions.states import ENDED_STATES
from chalicelib.domain.types import MINUTE, LocalizedText, Millis
from chalicelib.services.core.session_access import change_session, get_subject
from chalicelib.services.core.subjects import require_subject
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.ports import AppContext, ClaimedSitting, Claims, Nonce

NONCE_TTL: Millis = 2 * MINUTE
EXAM_ENDED = LocalizedText("考试已结束。", "The exam has ended.")


def config_file_for(context: AppContext, exam_id: str, subject_id: str) -> str:
    """Return a subject's .seb file. Raises NotFound where the subject does not offer SEB."""
    exam = context.registry.exam_with_subject(exam_id, subject_id)
    subject = require_subject(exam, subject_id)
    if not subject.safe_browser.has_config_file:
        raise NotFound
    return config_file(subject.safe_browser, exam_page_url(context))


def exam_page_url(context: AppContext) -> str:
    """Return the address of the exam page, as in the .seb file."""
    return f"{context.pages_url}/exam/index.html"


def require_proven(claims: Claims, subject: Subject) -> None:
    """Raise SafeExamBrowserRequired where the subject requires SEB and the token lacks the claim."""
    if subject.safe_browser.use is SebUse.REQUIRED and not claims.seb_verified:
        raise SafeExamBrowserRequired


def require_session_proven(context: AppContext, claims: Claims) -> None:
    """Apply `require_proven` to the caller's session. Raises SafeExamBrowserRequired, NotFound."""
    session = context.sessions.session(claims.subject)
    require_proven(claims, get_subject(context, session))


def issue_nonce(context: AppContext, session_id: str) -> Nonce:
    """Return a one-time nonce for a proof.

    Raises NotFound once the session has ended, or where the subject does not offer SEB.
    """
    session = context.sessions.session(session_id)
    if (
        session.state in ENDED_STATES
        or not get_subject(context, session).safe_browser.has_config_file
    ):
        raise NotFound
    nonce = Nonce(context.new_id() + context.new_id(), session_id, context.clock() + NONCE_TTL)
    context.sessions.commit(nonce)
    return nonce


def exchange_proof(
    context: AppContext, claims: Claims, nonce: str, by_header: SebProof, by_page: SebProof
) -> tuple[str, Millis]:
    """Verify a proof, from the request's headers or read by the page; return a token and its expiry.

    The nonce is consumed in any case. Raises SafeExamBrowserRequired.
    """
    session = _session_of(context, claims, nonce)
    rule = get_subject(context, session).safe_browser
    page_url = exam_page_url(context)
    # The header's digest is over this request's own address, which contains the nonce.
    proofs = {
        "header": by_header.url.endswith(f"/{nonce}") and verify_proof(rule, page_url, by_header),
        "page": verify_proof(rule, page_url, replace(by_page, url=proof_url(page_url, nonce))),
    }
    source = next((name for name, is_valid in proofs.items() if is_valid), None)
    if source is None or not rule.has_config_file:
        raise SafeExamBrowserRequired
    now = context.clock()
    change_session(
        context,
        session.session_id,
        lambda current: with_audit(current, now, "candidate", "safe_browser_proven", way=source),
    )
    sitting = ClaimedSitting(session.subject_id, session.kind)
    verified = replace(claims, sitting=sitting, seb_verified=True)
    return context.tokens.issue(verified, API_AUDIENCE), verified.expires_at


def _session_of(context: AppContext, claims: Claims, nonce: str) -> Session:
    try:
        session_id = context.sessions.consume_nonce(nonce, context.clock()).session_id
    except NotFound:
        raise SafeExamBrowserRequired from None
    if session_id != claims.subject:
        raise SafeExamBrowserRequired
    session = context.sessions.session(session_id)
    if session.state in ENDED_STATES:
        raise WrongState(EXAM_ENDED)
    return session
