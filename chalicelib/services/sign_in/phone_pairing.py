"""Pairing of the second-view phone: join codes, joining, heartbeats and disconnection."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.domain.capture.cameras import (
    PhoneStatus,
    apply_heartbeat,
    join_phone,
    mark_disconnected,
)
from chalicelib.domain.errors import NotFound, NotSignedIn
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.messaging.calls import Endpoint, end_calls_of
from chalicelib.domain.normalization import normalize_number, require_join_code, require_number
from chalicelib.domain.rules.device_changes import Device, Origin
from chalicelib.domain.rules.sign_in_throttling import key_for_address, key_for_number
from chalicelib.domain.sessions.sessions import Session, join_second_view
from chalicelib.domain.sessions.states import ENDED_STATES
from chalicelib.domain.types import MINUTE, LocalizedText, Millis, Role
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.audit_trail import append_events
from chalicelib.services.core.tokens import issue_token
from chalicelib.services.messaging.calls import read_calls
from chalicelib.services.monitoring.shared_phones import tell_same_device, tell_shared_phone
from chalicelib.services.ports import AppContext, JoinCode
from chalicelib.services.sign_in.attempts import record_failure, require_not_throttled

CODE_TTL: Millis = 5 * MINUTE
MAX_CODE_ATTEMPTS = 5
"""Attempts per code: enough for a mistyped number, too few to guess one."""


class InvalidJoinCode(NotSignedIn):
    """There is no such code."""

    code = "wrong_code"
    text = LocalizedText(
        "没有这个加入码。请对照电脑上现在显示的加入码重新输入，或重新扫码。",
        "There is no such code. Enter the one that the computer shows now, or scan again.",
    )


class SpentJoinCode(NotSignedIn):
    """The code has been used, or tried too often."""

    code = "spent_code"
    text = LocalizedText(
        "这个加入码已经用过，或因输错次数过多而作废。请在电脑上刷新二维码后重新扫描。",
        "This code has been used, or tried too often. Refresh it on the computer and scan again.",
    )


class ExpiredJoinCode(NotSignedIn):
    """The code's time is over."""

    code = "expired_code"
    text = LocalizedText(
        "这个加入码已过期。电脑上已换成新的，请重新扫描。",
        "This code has expired. The computer shows a new one: scan it again.",
    )


class IdentityMismatch(NotSignedIn):
    """The code is valid, but the numbers are not this candidate's; which one is not revealed."""

    code = "wrong_phone_numbers"

    def __init__(self, attempts_left: int) -> None:
        super().__init__(
            LocalizedText(
                "准考证号或证件号与电脑上登录的考生不符，请核对后重新输入"
                f"（还可尝试 {attempts_left} 次）。",
                "The admission number or ID number does not match the candidate signed in on the "
                f"computer. Check both and try again ({attempts_left} attempts left).",
            )
        )


@dataclass(frozen=True, slots=True)
class CandidateNumbers:
    """The two numbers that a candidate types on the phone, as typed."""

    admission_number: str
    id_number: str
    device: str = ""
    """The random id that the phone's browser keeps; empty where it keeps none."""
    touch: bool = False
    """Whether the page says that it has a touch screen."""


@dataclass(frozen=True, slots=True)
class PairedPhone:
    """A phone's token, when it expires, and the session that it belongs to."""

    token: str
    expires_at: Millis
    session: Session


def issue_join_code(context: AppContext, session_id: str) -> JoinCode:
    """Return a one-time code by which the candidate's phone joins.

    Raises NotFound once the session has ended.
    """
    session = context.sessions.session(session_id)
    if session.state in ENDED_STATES:
        raise NotFound(LocalizedText("考试已结束。", "The exam has ended."))
    code = JoinCode(context.new_id().upper()[:8], session_id, context.clock() + CODE_TTL)
    context.sessions.commit(code)
    return code


def pair_phone(
    context: AppContext, code: str, numbers: CandidateNumbers, origin: Origin
) -> PairedPhone:
    """Join a phone as second view, by the code of the QR code and both of the candidate's numbers.

    Raises InvalidJoinCode, SpentJoinCode, ExpiredJoinCode, IdentityMismatch while the code has
    attempts left, and TooManyAttempts; and, without counting an attempt, MalformedJoinCode or
    MalformedNumber.
    An attempt is counted before it is judged, so concurrent attempts on one code are no more than
    MAX_CODE_ATTEMPTS either.
    """
    now, code = context.clock(), require_join_code(code)
    numbers = CandidateNumbers(
        require_number(numbers.admission_number),
        require_number(numbers.id_number),
        numbers.device,
        numbers.touch,
    )
    keys = (
        key_for_number("phone", numbers.admission_number),
        key_for_address(origin.address),
    )
    _, attempts = context.sessions.session_with_attempts(keys[0].name, keys)
    require_not_throttled(keys, attempts, now)

    def fail(refusal: Callable[[], NotSignedIn]) -> NotSignedIn:
        return record_failure(context, keys, attempts, now, refusal)

    join_code = retry_on_conflict(lambda: _count_attempt(context, code, now))
    if not isinstance(join_code, JoinCode):
        raise fail(join_code)
    session = context.sessions.session(join_code.session_id)
    attempts_left = MAX_CODE_ATTEMPTS - join_code.attempts
    if _matches_candidate(context.registry.candidate(session.candidate_id), numbers):
        if not _spend(context, code):  # another phone was faster
            raise fail(SpentJoinCode)
        paired = _join_phone(context, session.session_id, origin, now)
        phone = Device(numbers.device, origin)
        tell_same_device(context, paired.session, phone, now, touch=numbers.touch)
        tell_shared_phone(context, paired.session, numbers.device, now)
        return paired
    if attempts_left == 0:
        _spend(context, code)
        raise fail(SpentJoinCode)
    raise fail(partial(IdentityMismatch, attempts_left))


def _join_phone(context: AppContext, session_id: str, origin: Origin, now: Millis) -> PairedPhone:
    session = retry_on_conflict(lambda: _join_second_view(context, session_id, origin, now))
    token, expires_at = issue_token(
        context, Role.PHONE, session_id, now, generation=session.phone_generation
    )
    return PairedPhone(token, expires_at, session)


def _spend(context: AppContext, code: str) -> bool:
    """Spend a code. Returns whether it was not spent yet."""

    def attempt() -> bool:
        before = context.sessions.join_code(code)
        if before.spent:
            return False
        context.sessions.commit(replace(before, version=before.version + 1, spent=True))
        return True

    return retry_on_conflict(attempt)


def _count_attempt(context: AppContext, code: str, now: Millis) -> JoinCode | type[NotSignedIn]:
    """Count an attempt on a code and return it, or why it lets nobody in."""
    before = find_or_none(lambda: context.sessions.join_code(code))
    if before is None:
        return InvalidJoinCode
    if before.spent or before.attempts >= MAX_CODE_ATTEMPTS:
        return SpentJoinCode
    if before.expires_at <= now:
        return ExpiredJoinCode
    join_code = replace(before, version=before.version + 1, attempts=before.attempts + 1)
    context.sessions.commit(join_code)
    return join_code


def _matches_candidate(candidate: Candidate, numbers: CandidateNumbers) -> bool:
    """Compare both numbers in either field: some notices make the ID number the admission number."""
    typed = (numbers.admission_number, numbers.id_number)
    own = (candidate.admission_number, candidate.id_number)
    return sorted(typed) == sorted(map(normalize_number, own))


def _join_second_view(context: AppContext, session_id: str, origin: Origin, now: Millis) -> Session:
    bundle = context.sessions.bundle(session_id)
    transition = join_second_view(bundle.session, origin, now)
    cameras = join_phone(bundle.cameras, now)
    # What the phone before this one still shows is over: it is not the session's any more.
    ended = end_calls_of(read_calls(context, bundle.session), Endpoint.PHONE, now)
    session, entries = append_events(transition.session, now, ended.events)
    session = replace(session, version=bundle.session.version + 1)
    calls = (replace(ended.calls, version=ended.calls.version + 1),) if ended.events else ()
    context.sessions.commit(session, transition.entry, *entries, cameras, *calls)
    return session


def record_heartbeat(context: AppContext, session_id: str, report: PhoneStatus) -> None:
    """Apply a phone's heartbeat; two calls to the store. Raises NotFound."""
    now = context.clock()

    def attempt() -> None:
        before = context.sessions.cameras(session_id)
        after = apply_heartbeat(before, report, now)
        if after is not before:
            context.sessions.commit(after)

    retry_on_conflict(attempt)


def mark_phone_disconnected(context: AppContext, session_id: str) -> None:
    """Record that the phone's socket has closed."""
    now = context.clock()

    def attempt() -> None:
        before = context.sessions.cameras(session_id)
        after = mark_disconnected(before, now)
        if after is not before:
            context.sessions.commit(after)

    retry_on_conflict(attempt)
