"""The phone beside the exam: joining by the QR's code, saying how it is, and dropping out."""

from dataclasses import dataclass, replace

from chalicelib.domain.capture.cameras import Report, phone_heard, phone_left
from chalicelib.domain.errors import NotFound, NotSignedIn
from chalicelib.domain.exams.exams import Candidate, normal_number
from chalicelib.domain.rules.sign_in_throttling import address_door, number_door
from chalicelib.domain.sessions.sessions import Session, join_second_view
from chalicelib.domain.sessions.states import FINAL
from chalicelib.domain.types import MINUTE, Millis, Role, Text
from chalicelib.retry import or_none, until_written
from chalicelib.services.core.tokens import issue
from chalicelib.services.ports import JoinCode, World
from chalicelib.services.sign_in.attempts import check_doors, failed

CODE_LIFE: Millis = 5 * MINUTE
CODE_TRIES = 5
"""How often a code may be tried: enough for a mistyped number, too few for guessing one."""


class WrongCode(NotSignedIn):
    """There is no such code, or it is used or over."""

    code = "wrong_code"
    text = Text(
        "二维码已失效，请在电脑上刷新二维码后重新扫描。",
        "The code is over. Renew it on the computer and scan again.",
    )


class WrongPhoneNumbers(NotSignedIn):
    """The code is right, the numbers are not this candidate's; which of them is not told."""

    code = "wrong_phone_numbers"

    def __init__(self, left: int) -> None:
        super().__init__(
            Text(
                f"准考证号或证件号与电脑上登录的考生不符，请核对后重新输入（还可尝试 {left} 次）。",
                "The admission or ID number is not that of the candidate at the computer. "
                f"Check both and try again ({left} tries left).",
            )
        )


@dataclass(frozen=True, slots=True)
class Entered:
    """A phone's token, its end, and whose it is."""

    token: str
    expires_at: Millis
    session: Session


def issue_code(world: World, session_id: str) -> JoinCode:
    """Return a one-time code by which the candidate's phone joins. Raises NotFound at the end."""
    session = world.sessions.session(session_id)
    if session.state in FINAL:
        raise NotFound(Text("考试已结束。", "The exam is over."))
    code = JoinCode(world.new_id().upper()[:8], session_id, world.clock() + CODE_LIFE)
    world.sessions.commit(code)
    return code


def join_phone(world: World, code: str, numbers: tuple[str, str], address: str) -> Entered:
    """Let a phone join as second view by the code of the QR and both of the candidate's numbers,
    given as (admission number, ID number).

    Raises WrongCode, WrongPhoneNumbers while there are tries left, and TooManyTries. Each try of a
    code is counted before it is judged, so that many at once are no more than CODE_TRIES.
    """
    now, wanted = world.clock(), code.strip().upper()
    doors = number_door("phone", normal_number(numbers[0])), address_door(address)
    _, known = world.sessions.knock(doors[0].name, doors)
    check_doors(doors, known, now)
    counted = until_written(lambda: _count_try(world, wanted, now))
    if counted is None:
        raise failed(world, doors, known, now, WrongCode)
    session = world.sessions.session(counted.session_id)
    right = _numbers_are(world.registry.candidate(session.candidate_id), numbers)
    left = CODE_TRIES - counted.tries
    used_up = (right or left == 0) and not _take(world, wanted, now)
    if used_up or not right:
        refusal = failed(world, doors, known, now, WrongCode)
        raise WrongPhoneNumbers(left) if left and not used_up else refusal
    joined = until_written(lambda: _join(world, session.session_id, now))
    phone = joined.phone_generation
    token, expires_at = issue(world, Role.PHONE, joined.session_id, now, generation=phone)
    return Entered(token, expires_at, joined)


def _take(world: World, code: str, now: Millis) -> bool:
    """Use a code up; tell whether it was still there to be used."""
    try:
        world.sessions.take_code(code, now)
    except NotFound:
        return False
    return True


def _count_try(world: World, code: str, now: Millis) -> JoinCode | None:
    """Count a try of a code, and return it; None where there is none to be tried."""
    known = or_none(lambda: world.sessions.code(code, now))
    if known is None:
        return None
    counted = replace(known, version=known.version + 1, tries=known.tries + 1)
    if counted.tries > CODE_TRIES:
        return None
    world.sessions.commit(counted)
    return counted


def _numbers_are(candidate: Candidate, numbers: tuple[str, str]) -> bool:
    """Both numbers, in whichever field: some notices make the ID number the admission number."""
    given = sorted(normal_number(one) for one in numbers)
    own = (candidate.admission_number, candidate.id_number)
    return given == sorted(normal_number(one) for one in own)


def _join(world: World, session_id: str, now: Millis) -> Session:
    whole = world.sessions.whole(session_id)
    change = join_second_view(whole.session, now)
    devices = phone_heard(whole.devices, None, now)
    world.sessions.commit(change.session, change.entry, devices)
    return change.session


def hear(world: World, session_id: str, report: Report) -> None:
    """Take in what the phone says of itself; two calls to the store. Raises NotFound."""
    now = world.clock()

    def attempt() -> None:
        before = world.sessions.devices(session_id)
        after = phone_heard(before, report, now)
        if after is not before:
            world.sessions.commit(after)

    until_written(attempt)


def leave(world: World, session_id: str) -> None:
    """Note that the phone's socket closed."""
    now = world.clock()

    def attempt() -> None:
        before = world.sessions.devices(session_id)
        after = phone_left(before, now)
        if after is not before:
            world.sessions.commit(after)

    until_written(attempt)
