"""Safe Exam Browser: the file for it, and how a device proves that it runs it.

The proof is a digest over an address in which a one-time nonce stands, so a digest that was seen
once is worth nothing. A device that has proven itself gets a token that says so, and that token
alone opens the paper of a subject that requires it: proving costs the hot paths nothing.
"""

from dataclasses import replace

from chalicelib.domain.errors import NotFound, WrongState
from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.rules.safe_exam_browser import (
    NotProven,
    Proof,
    SafeBrowser,
    accepted,
    file_of,
    proof_url,
)
from chalicelib.domain.sessions.sessions import Session, note
from chalicelib.domain.sessions.states import FINAL
from chalicelib.domain.types import MINUTE, Millis, Text
from chalicelib.services.core.session_access import change_session, subject_of
from chalicelib.services.core.tokens import API
from chalicelib.services.ports import Claims, Nonce, Sitting, World

NONCE_LIFE: Millis = 2 * MINUTE
OVER = Text("考试已结束。", "The exam is over.")


def file_for(world: World, exam_id: str, subject_id: str) -> str:
    """Return a subject's .seb file. Raises NotFound where Safe Exam Browser is not offered."""
    subject = world.registry.exam(exam_id).subject(subject_id)
    if subject is None or not subject.safe_browser.offered:
        raise NotFound
    return file_of(subject.safe_browser, exam_url(world))


def exam_url(world: World) -> str:
    """Return the address of the exam page, as the file names it."""
    return f"{world.pages_url}/exam/index.html"


def check_sealed(claims: Claims, subject: Subject) -> None:
    """Raise NotProven where the subject requires Safe Exam Browser and the caller is not in it."""
    if subject.safe_browser.use is SafeBrowser.REQUIRED and not claims.sealed:
        raise NotProven


def check_session_sealed(world: World, claims: Claims) -> None:
    """Raise NotProven where the caller's own session requires Safe Exam Browser. NotFound."""
    session = world.sessions.session(claims.subject)
    check_sealed(claims, subject_of(world, session))


def issue_nonce(world: World, session_id: str) -> Nonce:
    """Return a one-time nonce for a proof. Raises NotFound at the end, or where none is asked for."""
    session = world.sessions.session(session_id)
    if session.state in FINAL or not subject_of(world, session).safe_browser.offered:
        raise NotFound
    nonce = Nonce(world.new_id() + world.new_id(), session_id, world.clock() + NONCE_LIFE)
    world.sessions.commit(nonce)
    return nonce


def prove(
    world: World, claims: Claims, nonce: str, by_header: Proof, by_page: Proof
) -> tuple[str, Millis]:
    """Take a device's proof, by the request's headers or by what the page read; return a token.

    The nonce is used up, right or wrong. Raises NotProven.
    """
    session = _session_of(world, claims, nonce)
    rule = subject_of(world, session).safe_browser
    page_url = exam_url(world)
    # The header's digest is over this request's own address, in which the nonce stands.
    ways = {
        "header": by_header.url.endswith(f"/{nonce}") and accepted(rule, page_url, by_header),
        "page": accepted(rule, page_url, replace(by_page, url=proof_url(page_url, nonce))),
    }
    way = next((name for name, right in ways.items() if right), None)
    if way is None or not rule.offered:
        raise NotProven
    now = world.clock()
    change_session(
        world,
        session.session_id,
        lambda one: note(one, now, "candidate", "safe_browser_proven", way=way),
    )
    sitting = Sitting(session.subject_id, session.kind)
    sealed = replace(claims, sitting=sitting, sealed=True)
    return world.tokens.issue(sealed, API), sealed.expires_at


def _session_of(world: World, claims: Claims, nonce: str) -> Session:
    try:
        taken = world.sessions.take_nonce(nonce, world.clock())
    except NotFound:
        raise NotProven from None
    if taken.session_id != claims.subject:
        raise NotProven
    session = world.sessions.session(taken.session_id)
    if session.state in FINAL:
        raise WrongState(OVER)
    return session
