"""Candidate sign-in, by ID or admission number and passcode."""

from dataclasses import dataclass, replace

from chalicelib.domain.audit import ChainHead, append
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.errors import Conflict, NotSignedIn
from chalicelib.domain.exams.exams import (
    Candidate,
    Exam,
    SittingClosed,
    Subject,
    Window,
    require_open,
)
from chalicelib.domain.exams.papers import AnswerProgress
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.normalization import normalize_number, require_number, require_passcode
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.rules.sign_in_numbers import numbers_match, require_numbers
from chalicelib.domain.rules.sign_in_throttling import key_for_address, key_for_number
from chalicelib.domain.sessions.session_view import CandidateSessionView
from chalicelib.domain.sessions.sessions import Session, make_session_id, switch_device
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import LocalizedText, Millis, Role, SittingKind
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.passcodes import sitting_for_passcode
from chalicelib.services.core.tokens import API_AUDIENCE, TOKEN_TTL
from chalicelib.services.ports import AppContext, AttemptReset, ClaimedSitting, Claims
from chalicelib.services.sign_in.attempts import record_failure, require_not_throttled


class InvalidCredentials(NotSignedIn):
    """Number, passcode and subject do not match; the response does not reveal which is wrong."""

    code = "wrong_numbers"
    text = LocalizedText(
        "证件号（准考证号）、口令与所选科目不符，请核对科目与短信中的口令。",
        "The number and passcode do not match this subject. Check both in your text message.",
    )


@dataclass(frozen=True, slots=True)
class SignInResult:
    """A candidate's token, when it expires, and what the exam page shows first."""

    token: str
    expires_at: Millis
    view: CandidateSessionView


@dataclass(frozen=True, slots=True)
class CandidateCredentials:
    """What a candidate signs in with, and the network address it comes from."""

    exam_id: str
    subject_id: str
    number: str
    passcode: str
    address: str
    browser_id: str = ""
    """The random id that the browser stores; a browser without an id counts as another device."""
    second_number: str = ""
    """The other number, where the subject asks for both."""


def sign_in(context: AppContext, credentials: CandidateCredentials) -> SignInResult:
    """Sign a candidate in and open the session of this sitting, or resume it.

    All candidates sign in at once when an exam starts: this makes four calls to the store at most.
    Valid and invalid attempts take the same code path, so neither the response nor its timing
    reveals whether a number exists.

    Numbers and passcode are normalized first: what cannot be one raises MalformedNumber or
    MalformedPasscode, SecondNumberRequired where both numbers are asked for, and none of these
    counts as an attempt.

    The passcode selects the practice or the official sitting. A new device takes the session over
    from the previous one. Raises InvalidCredentials, TooManyAttempts, and SittingClosed outside
    the window, unless the session has ended: its receipt and the practice report stay readable.
    """
    now = context.clock()
    normalized = _normalize(credentials)
    view = retry_on_conflict(lambda: _sign_in(context, normalized, now))
    session = view.session
    required = view.subject.safe_browser.use is SebUse.REQUIRED
    # Where Safe Exam Browser is required, only the token issued for its proof can save answers.
    sitting = None if required else ClaimedSitting(session.subject_id, session.kind)
    expires_at = now + TOKEN_TTL
    claims = Claims(
        Role.CANDIDATE, session.session_id, expires_at, sitting, generation=session.generation
    )
    return SignInResult(context.tokens.issue(claims, API_AUDIENCE), expires_at, view)


def _sign_in(
    context: AppContext, credentials: CandidateCredentials, now: Millis
) -> CandidateSessionView:
    keys = (
        key_for_number("candidate", credentials.exam_id, credentials.number),
        key_for_address(credentials.address),
    )
    exam = find_or_none(
        lambda: context.registry.exam_with_subject(credentials.exam_id, credentials.subject_id)
    )
    subject = exam.subject(credentials.subject_id) if exam else None
    if subject is not None:
        require_numbers(subject.sign_in_numbers, credentials.second_number)
    candidate = _find_candidate(context, credentials, subject)
    known_id = candidate.candidate_id if candidate else None
    kind = sitting_for_passcode(context.passcodes, subject, known_id, credentials.passcode)
    # Without a candidate a session is looked up as well, under an id that does not exist.
    candidate_id = known_id or keys[0].name
    session_id = make_session_id(candidate_id, credentials.subject_id, kind or SittingKind.OFFICIAL)
    bundle, attempts = context.sessions.session_with_attempts(session_id, keys)
    require_not_throttled(keys, attempts, now)
    if exam is None or subject is None or candidate is None or kind is None:
        _require_no_newer_exam(context, exam)
        raise record_failure(context, keys, attempts, now, InvalidCredentials)
    attempt_reset = AttemptReset(attempts[keys[0].name], now)
    extra = candidate.accommodation.extra_time(subject.duration)
    if bundle is None or bundle.session.state not in FINAL_STATES:
        _require_open(context, exam, subject.windows[kind], extra, attempt_reset)
    if bundle is not None:
        session = _resume_on_device(context, bundle.session, credentials.browser_id, attempt_reset)
        return CandidateSessionView(
            session, exam, subject, candidate, bundle.identity, bundle.cameras
        )
    return _open_session(
        context, exam, subject, candidate, kind, credentials.browser_id, attempt_reset
    )


def _normalize(credentials: CandidateCredentials) -> CandidateCredentials:
    """Return credentials as they are compared. Raises MalformedNumber, MalformedPasscode."""
    second = credentials.second_number
    return replace(
        credentials,
        number=require_number(credentials.number),
        second_number=require_number(second) if second.strip() else "",
        passcode=require_passcode(credentials.passcode),
    )


def _find_candidate(
    context: AppContext, credentials: CandidateCredentials, subject: Subject | None
) -> Candidate | None:
    """Return the candidate with the numbers that the subject asks for, or None; one call."""
    number = credentials.number
    candidate = find_or_none(
        lambda: context.registry.candidate_by_number(credentials.exam_id, number)
    )
    if candidate is None or subject is None or subject.subject_id not in candidate.rooms:
        return None
    own = normalize_number(candidate.id_number), normalize_number(candidate.admission_number)
    matches = numbers_match(subject.sign_in_numbers, number, credentials.second_number, *own)
    return candidate if matches else None


def _require_no_newer_exam(context: AppContext, exam: Exam | None) -> None:
    """Raise Conflict, to try again, where what refuses is an exam that has changed meanwhile.

    A new passcode thus holds at once, also on a worker that still had the exam in its cache. It is
    one read for each refusal, and refusals are throttled.
    """
    if exam is not None and context.registry.refresh_exam(exam):
        raise Conflict


def _require_open(
    context: AppContext, exam: Exam, window: Window, extra: Millis, attempt_reset: AttemptReset
) -> None:
    try:
        require_open(window, attempt_reset.at, extra)
    except SittingClosed:
        _require_no_newer_exam(context, exam)
        context.sessions.commit(attempt_reset)  # the credentials were valid
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
    """Return the session on this device, which takes it over unless it has ended."""
    if session.state in FINAL_STATES or (device and device == session.browser_id):
        context.sessions.commit(attempt_reset)
        return session
    transition = switch_device(session, device, attempt_reset.at)
    context.sessions.commit(transition.session, transition.entry, attempt_reset)
    return transition.session
