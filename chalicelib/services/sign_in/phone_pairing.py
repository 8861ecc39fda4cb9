"""The phone beside the exam: joining by the QR's code, saying how it is, and dropping out."""

from dataclasses import dataclass, replace

from chalicelib.domain.capture.cameras import PhoneStatus, apply_heartbeat, mark_disconnected
from chalicelib.domain.errors import NotFound, NotSignedIn
from chalicelib.domain.exams.exams import Candidate, normalize_number
from chalicelib.domain.rules.sign_in_throttling import key_for_address, key_for_number
from chalicelib.domain.sessions.sessions import Session, join_second_view
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import MINUTE, LocalizedText, Millis, Role
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.tokens import issue_token
from chalicelib.services.ports import AppContext, JoinCode
from chalicelib.services.sign_in.attempts import record_failure, require_not_throttled

CODE_TTL: Millis = 5 * MINUTE
MAX_CODE_ATTEMPTS = 5
"""How often a code may be tried: enough for a mistyped number, too few for guessing one."""


class InvalidJoinCode(NotSignedIn):
    """There is no such code, or it is used or over."""

    code = "wrong_code"
    text = LocalizedText(
        "二维码已失效，请在电脑上刷新二维码后重新扫描。",
        "The code is over. Renew it on the computer and scan again.",
    )


class IdentityMismatch(NotSignedIn):
    """The code is right, the numbers are not this candidate's; which of them is not told."""

    code = "wrong_phone_numbers"

    def __init__(self, left: int) -> None:
        super().__init__(
            LocalizedText(
                f"准考证号或证件号与电脑上登录的考生不符，请核对后重新输入（还可尝试 {left} 次）。",
                "The admission or ID number is not that of the candidate at the computer. "
                f"Check both and try again ({left} tries left).",
            )
        )


@dataclass(frozen=True, slots=True)
class PairedPhone:
    """A phone's token, its end, and whose it is."""

    token: str
    expires_at: Millis
    session: Session


def issue_join_code(context: AppContext, session_id: str) -> JoinCode:
    """Return a one-time code by which the candidate's phone joins. Raises NotFound at the end."""
    session = context.sessions.session(session_id)
    if session.state in FINAL_STATES:
        raise NotFound(LocalizedText("考试已结束。", "The exam is over."))
    code = JoinCode(context.new_id().upper()[:8], session_id, context.clock() + CODE_TTL)
    context.sessions.commit(code)
    return code


def pair_phone(
    context: AppContext, code: str, numbers: tuple[str, str], address: str
) -> PairedPhone:
    """Let a phone join as second view by the code of the QR and both of the candidate's numbers,
    given as (admission number, ID number).

    Raises WrongCode, WrongPhoneNumbers while there are tries left, and TooManyTries. Each try of a
    code is counted before it is judged, so that many at once are no more than CODE_TRIES.
    """
    now, wanted = context.clock(), code.strip().upper()
    doors = key_for_number("phone", normalize_number(numbers[0])), key_for_address(address)
    _, known = context.sessions.session_with_attempts(doors[0].name, doors)
    require_not_throttled(doors, known, now)
    counted = retry_on_conflict(lambda: _count_attempt(context, wanted, now))
    if counted is None:
        raise record_failure(context, doors, known, now, InvalidJoinCode)
    session = context.sessions.session(counted.session_id)
    right = _matches_candidate(context.registry.candidate(session.candidate_id), numbers)
    left = MAX_CODE_ATTEMPTS - counted.attempts
    used_up = (right or left == 0) and not _consume_code(context, wanted, now)
    if used_up or not right:
        refusal = record_failure(context, doors, known, now, InvalidJoinCode)
        raise IdentityMismatch(left) if left and not used_up else refusal
    joined = retry_on_conflict(lambda: _join(context, session.session_id, now))
    phone = joined.phone_generation
    token, expires_at = issue_token(context, Role.PHONE, joined.session_id, now, generation=phone)
    return PairedPhone(token, expires_at, joined)


def _consume_code(context: AppContext, code: str, now: Millis) -> bool:
    """Use a code up; tell whether it was still there to be used."""
    try:
        context.sessions.consume_code(code, now)
    except NotFound:
        return False
    return True


def _count_attempt(context: AppContext, code: str, now: Millis) -> JoinCode | None:
    """Count a try of a code, and return it; None where there is none to be tried."""
    known = find_or_none(lambda: context.sessions.join_code(code, now))
    if known is None:
        return None
    counted = replace(known, version=known.version + 1, attempts=known.attempts + 1)
    if counted.attempts > MAX_CODE_ATTEMPTS:
        return None
    context.sessions.commit(counted)
    return counted


def _matches_candidate(candidate: Candidate, numbers: tuple[str, str]) -> bool:
    """Both numbers, in whichever field: some notices make the ID number the admission number."""
    given = sorted(normalize_number(number) for number in numbers)
    own = (candidate.admission_number, candidate.id_number)
    return given == sorted(normalize_number(one) for one in own)


def _join(context: AppContext, session_id: str, now: Millis) -> Session:
    bundle = context.sessions.bundle(session_id)
    transition = join_second_view(bundle.session, now)
    cameras = apply_heartbeat(bundle.cameras, None, now)
    context.sessions.commit(transition.session, transition.entry, cameras)
    return transition.session


def record_heartbeat(context: AppContext, session_id: str, report: PhoneStatus) -> None:
    """Take in what the phone says of itself; two calls to the store. Raises NotFound."""
    now = context.clock()

    def attempt() -> None:
        before = context.sessions.cameras(session_id)
        after = apply_heartbeat(before, report, now)
        if after is not before:
            context.sessions.commit(after)

    retry_on_conflict(attempt)


def mark_phone_disconnected(context: AppContext, session_id: str) -> None:
    """Note that the phone's socket closed."""
    now = context.clock()

    def attempt() -> None:
        before = context.sessions.cameras(session_id)
        after = mark_disconnected(before, now)
        if after is not before:
            context.sessions.commit(after)

    retry_on_conflict(attempt)
