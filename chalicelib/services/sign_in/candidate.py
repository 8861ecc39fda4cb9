"""Signing in of candidates, by number and passcode; and the tokens of everybody."""

from dataclasses import dataclass

from chalicelib.domain.audit import ChainHead, append
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.exams.exams import (
    Candidate,
    Exam,
    SittingClosed,
    Subject,
    Window,
    normalize_number,
    require_open,
)
from chalicelib.domain.exams.papers import AnswerProgress
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.passcodes import verify_passcode
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.rules.sign_in_throttling import key_for_address, key_for_number
from chalicelib.domain.sessions.session_view import CandidateSessionView
from chalicelib.domain.sessions.sessions import Session, make_session_id, switch_device
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import LocalizedText, Millis, Role, SittingKind
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.tokens import API_AUDIENCE, TOKEN_TTL
from chalicelib.services.ports import AppContext, AttemptReset, ClaimedSitting, Claims
from chalicelib.services.sign_in.attempts import record_failure, require_not_throttled


class InvalidCredentials(NotSignedIn):
    """Number and passcode do not belong together; which of them is wrong is not told."""

    code = "wrong_numbers"
    text = LocalizedText(
        "证件号（准考证号）、口令与所选科目不符，请核对科目与短信中的口令。",
        "Number and passcode do not open the chosen subject. Check both against your message.",
    )


@dataclass(frozen=True, slots=True)
class SignInResult:
    """A candidate's token, its end, and what the exam page shows first."""

    token: str
    expires_at: Millis
    view: CandidateSessionView


@dataclass(frozen=True, slots=True)
class CandidateCredentials:
    """What a candidate types to sign in, and the address it comes from."""

    exam_id: str
    subject_id: str
    number: str
    passcode: str
    address: str
    browser_id: str = ""
    """The random name that the browser keeps; one that does not say which it is, is another."""


def sign_in(context: AppContext, credentials: CandidateCredentials) -> SignInResult:
    """Sign a candidate in and open, or find again, the session of this sitting.

    At an exam's start all come at once: this makes four calls to the store at most. What is wrong
    takes the same way as what is right, so that neither answer nor time tells what there is.

    The passcode says whether it is the trial or the official sitting. Another device than the
    session's takes over from it. Raises WrongNumbers, TooManyTries, and SittingClosed outside the
    window, unless the sitting is already done: its receipt and the trial's report can be read
    afterwards.
    """
    now = context.clock()
    view = retry_on_conflict(lambda: _sign_in(context, credentials, now))
    session = view.session
    required = view.subject.safe_browser.use is SebUse.REQUIRED
    # Where Safe Exam Browser is required, only the token that proving it brings saves answers.
    sitting = None if required else ClaimedSitting(session.subject_id, session.kind)
    expires_at = now + TOKEN_TTL
    claims = Claims(
        Role.CANDIDATE, session.session_id, expires_at, sitting, generation=session.generation
    )
    return SignInResult(context.tokens.issue(claims, API_AUDIENCE), expires_at, view)


def _sign_in(
    context: AppContext, credentials: CandidateCredentials, now: Millis
) -> CandidateSessionView:
    number = normalize_number(credentials.number)
    doors = (
        key_for_number("candidate", credentials.exam_id, number),
        key_for_address(credentials.address),
    )
    exam = find_or_none(
        lambda: context.registry.exam_with_subject(credentials.exam_id, credentials.subject_id)
    )
    subject = exam.subject(credentials.subject_id) if exam else None
    candidate = find_or_none(
        lambda: context.registry.candidate_by_number(credentials.exam_id, number)
    )
    if candidate is not None and credentials.subject_id not in candidate.rooms:
        candidate = None
    kind = _sitting_for_passcode(subject if candidate else None, credentials.passcode)
    somebody = candidate.candidate_id if candidate else doors[0].name
    session_id = make_session_id(somebody, credentials.subject_id, kind or SittingKind.OFFICIAL)
    bundle, known = context.sessions.session_with_attempts(session_id, doors)
    require_not_throttled(doors, known, now)
    if exam is None or subject is None or candidate is None or kind is None:
        raise record_failure(context, doors, known, now, InvalidCredentials)
    attempt_reset = AttemptReset(known[doors[0].name], now)
    extra = candidate.accommodation.extra_time(subject.duration)
    if bundle is None or bundle.session.state not in FINAL_STATES:
        _require_open(context, subject.windows[kind], extra, attempt_reset)
    if bundle is not None:
        session = _resume_on_device(context, bundle.session, credentials.browser_id, attempt_reset)
        return CandidateSessionView(
            session, exam, subject, candidate, bundle.identity, bundle.cameras
        )
    return _open_session(
        context, exam, subject, candidate, kind, credentials.browser_id, attempt_reset
    )


def _sitting_for_passcode(subject: Subject | None, passcode: str) -> SittingKind | None:
    """Return which sitting a passcode opens. It takes as long where there is none to compare with."""
    nothing = "AAAAAAAAAAAAAAAAAAAAAA==$"
    stored = {
        kind: subject.windows[kind].passcode_hash if subject else nothing for kind in SittingKind
    }
    found = [kind for kind in SittingKind if verify_passcode(passcode, stored[kind])]
    return found[0] if found else None


def _require_open(
    context: AppContext, window: Window, extra: Millis, attempt_reset: AttemptReset
) -> None:
    try:
        require_open(window, attempt_reset.at, extra)
    except SittingClosed:
        context.sessions.commit(attempt_reset)  # that it is closed is told to the right ones only
        raise


def _open_session(
    context: AppContext,
    exam: Exam,
    subject: Subject,
    candidate: Candidate,
    kind: SittingKind,
    device: str,
    attempt_reset: AttemptReset,
) -> CandidateSessionView:
    session_id = make_session_id(candidate.candidate_id, subject.subject_id, kind)
    now = attempt_reset.at
    room_id = candidate.rooms[subject.subject_id]
    entry, head = append(ChainHead(), session_id, now, "candidate", "signed_in", kind=kind)
    session = Session(
        session_id=session_id,
        exam_id=exam.exam_id,
        subject_id=subject.subject_id,
        candidate_id=candidate.candidate_id,
        candidate_name=candidate.name,
        admission_number=candidate.admission_number,
        room_id=room_id,
        kind=kind,
        state=State.SIGNED_IN,
        version=1,
        created_at=now,
        starts_at=subject.windows[kind].starts_at,
        questions=subject.questions[kind],
        profile=subject.profile,
        rule_overrides=subject.rule_overrides,
        excused=candidate.accommodation.excused,
        extra=candidate.accommodation.extra_time(subject.duration),
        has_photo=candidate.photo_key is not None,
        browser_id=device,
        head=head,
    )
    identity = IdentityCheck(session_id, room_id, 1)
    progress, monitor = AnswerProgress(session_id, room_id, 1), MonitorState(session_id, room_id, 1)
    context.sessions.commit(session, progress, monitor, identity, entry, attempt_reset)
    cameras = CameraStatus(session_id, room_id)
    return CandidateSessionView(session, exam, subject, candidate, identity, cameras)


def _resume_on_device(
    context: AppContext, session: Session, device: str, attempt_reset: AttemptReset
) -> Session:
    """Return the session as this device goes on with it; what has ended is only looked at."""
    if session.state in FINAL_STATES or (device and device == session.browser_id):
        context.sessions.commit(attempt_reset)
        return session
    transition = switch_device(session, device, attempt_reset.at)
    context.sessions.commit(transition.session, transition.entry, attempt_reset)
    return transition.session
