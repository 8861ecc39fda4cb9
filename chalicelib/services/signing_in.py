"""Signing in: candidates by number and passcode, phones by code and number, staff by password."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn

from chalicelib.exam.audit import Head, append
from chalicelib.exam.devices import Devices
from chalicelib.exam.errors import NotFound, NotSignedIn
from chalicelib.exam.exams import Candidate, Exam, Staff, Subject, check_open, normal_number
from chalicelib.exam.identity import Identity
from chalicelib.exam.papers import Sheet
from chalicelib.exam.passcodes import matches
from chalicelib.exam.seated import Seated
from chalicelib.exam.sessions import Session, join_second_view, session_id_of
from chalicelib.exam.states import FINAL, State
from chalicelib.exam.watches import Watch
from chalicelib.exam.words import MINUTE, STAFF_ROLES, Millis, Role, SittingKind, Text
from chalicelib.services.ports import Claims, JoinCode, Sitting, World
from chalicelib.services.trying import until_written

API = "api"
SOCKET = "socket"
TOKEN_LIFE: Millis = 12 * 60 * MINUTE
TICKET_LIFE: Millis = MINUTE
CODE_LIFE: Millis = 5 * MINUTE


class WrongNumbers(NotSignedIn):
    """Number and passcode do not belong together; which of them is wrong is not told."""

    code = "wrong_numbers"
    text = Text(
        "证件号（准考证号）或口令不正确，请核对科目与短信中的口令。",
        "The number or the passcode is wrong. Check the subject and the passcode in your message.",
    )


class WrongCode(NotSignedIn):
    """A phone's code and number do not belong together, or the code is used or over."""

    code = "wrong_code"
    text = Text(
        "二维码已失效或号码不符，请在电脑上刷新二维码后重新扫描。",
        "The code is over or the number is wrong. Renew the code on the computer and scan again.",
    )


class WrongPassword(NotSignedIn):
    """A staff name and password do not belong together."""

    code = "wrong_password"
    text = Text("用户名或密码不正确。", "The user name or the password is wrong.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A candidate's token, its end, and what the exam page shows first."""

    token: str
    expires_at: Millis
    seated: Seated


@dataclass(frozen=True, slots=True)
class Entered:
    """A phone's token, its end, and whose it is."""

    token: str
    expires_at: Millis
    session: Session


@dataclass(frozen=True, slots=True)
class StaffEntered:
    """A staff member's token."""

    token: str
    expires_at: Millis
    staff: Staff


def sign_in(world: World, exam_id: str, subject_id: str, number: str, passcode: str) -> SignedIn:
    """Sign a candidate in and open, or find again, the session of this sitting.

    At an exam's start all come at once: this makes four calls to the store at most.

    The passcode says whether it is the trial or the official sitting.
    Raises WrongNumbers, and SittingClosed outside the window.
    """
    exam = _or(WrongNumbers, lambda: world.registry.exam_with(exam_id, subject_id))
    subject = exam.subject(subject_id)
    candidate = _known(world, exam_id, number)
    if subject is None or candidate is None or subject_id not in candidate.rooms:
        _as_slow_as_a_right_one(passcode)
    kind = _kind_of(subject, passcode)
    now = world.clock()
    check_open(subject.windows[kind], now, candidate.accommodation.extra_time(subject.duration))
    seated = until_written(lambda: _open_session(world, exam, subject, candidate, kind, now))
    session_id = seated.session.session_id
    token, expires_at = issue(world, Role.CANDIDATE, session_id, now, Sitting(subject_id, kind))
    return SignedIn(token, expires_at, seated)


def _or[T](error: type[NotSignedIn], read: Callable[[], T]) -> T:
    try:
        return read()
    except NotFound:
        raise error from None


def _known(world: World, exam_id: str, number: str) -> Candidate | None:
    try:
        return world.registry.candidate_by_number(exam_id, normal_number(number))
    except NotFound:
        return None


def _as_slow_as_a_right_one(passcode: str) -> NoReturn:
    """Spend the time that comparing takes, so that time does not tell whether a number exists."""
    for _ in SittingKind:
        matches(passcode, "AAAAAAAAAAAAAAAAAAAAAA==$")
    raise WrongNumbers


def _kind_of(subject: Subject, passcode: str) -> SittingKind:
    found = [kind for kind in SittingKind if matches(passcode, subject.windows[kind].passcode_hash)]
    if not found:
        raise WrongNumbers
    return found[0]


def _open_session(
    world: World, exam: Exam, subject: Subject, candidate: Candidate, kind: SittingKind, now: Millis
) -> Seated:
    session_id = session_id_of(candidate.candidate_id, subject.subject_id, kind)
    try:
        whole = world.sessions.whole(session_id)
        return Seated(whole.session, exam, subject, candidate, whole.identity, whole.devices)
    except NotFound:
        pass
    room_id = candidate.rooms[subject.subject_id]
    entry, head = append(Head(), session_id, now, "candidate", "signed_in", kind=kind)
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
        adjustments=subject.adjustments,
        excused=candidate.accommodation.excused,
        extra=candidate.accommodation.extra_time(subject.duration),
        has_photo=candidate.photo_key is not None,
        head=head,
    )
    identity = Identity(session_id, room_id, 1)
    sheet, watch = Sheet(session_id, room_id, 1), Watch(session_id, room_id, 1)
    world.sessions.commit(session, sheet, watch, identity, entry)
    devices = Devices(session_id, room_id)
    return Seated(session, exam, subject, candidate, identity, devices)


def issue(
    world: World, role: Role, subject: str, now: Millis, sitting: Sitting | None = None
) -> tuple[str, Millis]:
    """Return a token for the API and when it ends."""
    expires_at = now + TOKEN_LIFE
    return world.tokens.issue(Claims(role, subject, expires_at, sitting), API), expires_at


def issue_ticket(world: World, claims: Claims) -> tuple[str, Millis]:
    """Return a ticket that opens one's socket within a minute.

    A socket's address ends up in access logs; a ticket is worth nothing by then.
    """
    expires_at = world.clock() + TICKET_LIFE
    return world.tokens.issue(replace(claims, expires_at=expires_at), SOCKET), expires_at


def issue_code(world: World, session_id: str) -> JoinCode:
    """Return a one-time code by which the candidate's phone joins. Raises WrongState at the end."""
    session = world.sessions.session(session_id)
    if session.state in FINAL:
        raise NotFound(Text("考试已结束。", "The exam is over."))
    code = JoinCode(world.new_id().upper()[:8], session_id, world.clock() + CODE_LIFE)
    world.sessions.commit(code)
    return code


def join_phone(world: World, code: str, number: str) -> Entered:
    """Let a phone join as second view by the code of the QR and the candidate's number.

    Raises WrongCode. A code is used up by the first try, right or wrong.
    """
    now = world.clock()
    taken = _or(WrongCode, lambda: world.sessions.take_code(code.strip().upper(), now))
    session = world.sessions.session(taken.session_id)
    candidate = world.registry.candidate(session.candidate_id)
    numbers = {normal_number(candidate.id_number), normal_number(candidate.admission_number)}
    if normal_number(number) not in numbers:
        raise WrongCode
    joined = until_written(lambda: _join(world, session.session_id, now))
    token, expires_at = issue(world, Role.PHONE, joined.session_id, now)
    return Entered(token, expires_at, joined)


def _join(world: World, session_id: str, now: Millis) -> Session:
    change = join_second_view(world.sessions.session(session_id), now)
    world.sessions.commit(change.session, change.entry)
    return change.session


def sign_in_staff(world: World, username: str, password: str) -> StaffEntered:
    """Sign a staff member in. Raises WrongPassword, after as long a time for an unknown name."""
    now = world.clock()
    try:
        staff = world.registry.staff(username)
    except NotFound:
        world.passwords.hash(password)
        raise WrongPassword from None
    if staff.role not in STAFF_ROLES or not world.passwords.matches(password, staff.password_hash):
        raise WrongPassword
    token, expires_at = issue(world, staff.role, staff.username, now)
    return StaffEntered(token, expires_at, staff)
