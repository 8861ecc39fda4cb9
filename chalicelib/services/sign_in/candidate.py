"""Candidate sign-in, by ID or admission number and passcode."""

from dataclasses import dataclass, replace

from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.exams.exams import (
    Candidate,
    SittingClosed,
    Subject,
    Window,
    require_open,
)
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.normalization import normalize_number, require_number, require_passcode
from chalicelib.domain.rules.device_changes import Device, make_origin
from chalicelib.domain.rules.retention import cap
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.rules.sign_in_numbers import numbers_match, require_numbers
from chalicelib.domain.rules.sign_in_throttling import key_for_address, key_for_number
from chalicelib.domain.sessions.opening import open_session
from chalicelib.domain.sessions.session_view import CandidateSessionView
from chalicelib.domain.sessions.sessions import Session, make_session_id
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import LocalizedText, Millis, Role, SittingKind
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.attempts import opening_records
from chalicelib.services.core.passcodes import sitting_for_passcode
from chalicelib.services.core.tokens import API_AUDIENCE, TOKEN_TTL
from chalicelib.services.ports import AppContext, AttemptReset, ClaimedSitting, Claims
from chalicelib.services.sign_in.attempts import record_failure, require_not_throttled
from chalicelib.services.sign_in.device_takeover import resume_on_device


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
    user_agent: str = ""

    @property
    def device(self) -> Device:
        """The device that signs in, and where it is."""
        return Device(self.browser_id, make_origin(self.address, self.user_agent))


def sign_in(context: AppContext, credentials: CandidateCredentials) -> SignInResult:
    """Sign a candidate in and open the session of this sitting, or resume it.

    All candidates sign in at once when an exam starts: this makes three calls to the store (one
    more where the attempt is not the sitting's first).
    Valid and invalid attempts take the same code path, so neither the response nor its timing
    reveals whether a number exists.

    Numbers and passcode are normalized first: what cannot be one raises MalformedNumber or
    MalformedPasscode, SecondNumberRequired where both numbers are asked for, and none of these
    counts as an attempt.

    The passcode selects the practice or the official sitting. A new device takes the session over
    from the previous one; after the photo check its person is to be verified again. Raises
    InvalidCredentials, TooManyAttempts, and SittingClosed outside the window, unless the session
    has ended: its receipt and the practice report stay readable.
    """
    now = context.clock()
    normalized = _normalize(credentials)
    view = retry_on_conflict(lambda: _sign_in(context, normalized, now))
    return issue_sign_in(context, view, now)


def issue_sign_in(context: AppContext, view: CandidateSessionView, now: Millis) -> SignInResult:
    """Return a token for the session's current device."""
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
    # Never from a cache: a new passcode holds at once on every worker, and the old one ends.
    exam, holder = context.registry.exam_and_candidate(credentials.exam_id, credentials.number)
    subject = exam.subject(credentials.subject_id) if exam else None
    if subject is not None:
        require_numbers(subject.sign_in_numbers, credentials.second_number)
    candidate = _candidate_of(holder, credentials, subject)
    kind = sitting_for_passcode(context.passcodes, subject, candidate, credentials.passcode)
    # Without a candidate a session is looked up as well, under an id that does not exist.
    candidate_id = candidate.candidate_id if candidate else keys[0].name
    sitting_id = make_session_id(candidate_id, credentials.subject_id, kind or SittingKind.OFFICIAL)
    sitting = context.sessions.sitting_with_attempts(sitting_id, keys)
    bundle, attempts = sitting.bundle, sitting.attempts
    require_not_throttled(keys, attempts, now)
    if exam is None or subject is None or candidate is None or kind is None:
        raise record_failure(context, keys, attempts, now, InvalidCredentials)
    attempt_reset = AttemptReset(attempts[keys[0].name], now)
    extra = candidate.accommodation.extra_time(subject.duration)
    if bundle is None or bundle.session.state not in FINAL_STATES:
        window = _window_for(subject.windows[kind], bundle.session if bundle else None)
        _require_open(context, window, extra, attempt_reset)
    if bundle is not None:
        bundle = resume_on_device(
            context, bundle, sitting.calls, subject.device_change, credentials.device, attempt_reset
        )
        return CandidateSessionView(
            bundle.session, exam, subject, candidate, bundle.identity, bundle.cameras
        )
    opened = open_session(
        subject,
        candidate,
        kind,
        now,
        "candidate",
        device=credentials.device,
        retention=cap(exam.retention, context.retention_days),
    )
    context.sessions.commit(*opening_records(opened), attempt_reset)
    session = opened.session
    place = session.session_id, session.room_id
    return CandidateSessionView(
        session, exam, subject, candidate, IdentityCheck(*place, 1), CameraStatus(*place)
    )


def _window_for(window: Window, session: Session | None) -> Window:
    """Return the window of a sitting; a reopened attempt has until the end that it was given."""
    if session is None or session.reopened is None:
        return window
    return replace(window, ends_at=max(window.ends_at, session.reopened.until))


def _normalize(credentials: CandidateCredentials) -> CandidateCredentials:
    """Return credentials as they are compared. Raises MalformedNumber, MalformedPasscode."""
    second = credentials.second_number
    return replace(
        credentials,
        number=require_number(credentials.number),
        second_number=require_number(second) if second.strip() else "",
        passcode=require_passcode(credentials.passcode),
    )


def _candidate_of(
    holder: Candidate | None, credentials: CandidateCredentials, subject: Subject | None
) -> Candidate | None:
    """Return whose number it is, if all the numbers that the subject asks for are theirs."""
    if holder is None or subject is None or subject.subject_id not in holder.rooms:
        return None
    own = normalize_number(holder.id_number), normalize_number(holder.admission_number)
    number, second = credentials.number, credentials.second_number
    return holder if numbers_match(subject.sign_in_numbers, number, second, *own) else None


def _require_open(
    context: AppContext, window: Window, extra: Millis, attempt_reset: AttemptReset
) -> None:
    try:
        require_open(window, attempt_reset.at, extra)
    except SittingClosed:
        context.sessions.commit(attempt_reset)  # the credentials were valid
        raise
