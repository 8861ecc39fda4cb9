"""Signing in of candidates, by number and passcode; and the tokens of everybody."""

from dataclasses import dataclass

from chalicelib.domain.audit import Head, append
from chalicelib.domain.capture.cameras import Devices
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.exams.exams import (
    Candidate,
    Exam,
    SittingClosed,
    Subject,
    Window,
    check_open,
    normal_number,
)
from chalicelib.domain.exams.papers import Sheet
from chalicelib.domain.identity.verification import Identity
from chalicelib.domain.monitoring.monitor_state import Watch
from chalicelib.domain.passcodes import matches
from chalicelib.domain.rules.safe_exam_browser import SafeBrowser
from chalicelib.domain.rules.sign_in_throttling import address_door, number_door
from chalicelib.domain.sessions.session_view import Seated
from chalicelib.domain.sessions.sessions import Session, session_id_of, take_over
from chalicelib.domain.sessions.states import FINAL, State
from chalicelib.domain.types import Millis, Role, SittingKind, Text
from chalicelib.retry import or_none, until_written
from chalicelib.services.core.tokens import API, TOKEN_LIFE
from chalicelib.services.ports import Claims, Sitting, Welcome, World
from chalicelib.services.sign_in.attempts import check_doors, failed


class WrongNumbers(NotSignedIn):
    """Number and passcode do not belong together; which of them is wrong is not told."""

    code = "wrong_numbers"
    text = Text(
        "证件号（准考证号）、口令与所选科目不符，请核对科目与短信中的口令。",
        "Number and passcode do not open the chosen subject. Check both against your message.",
    )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A candidate's token, its end, and what the exam page shows first."""

    token: str
    expires_at: Millis
    seated: Seated


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a candidate types to sign in, and the address it comes from."""

    exam_id: str
    subject_id: str
    number: str
    passcode: str
    address: str
    device: str = ""
    """The random name that the browser keeps; one that does not say which it is, is another."""


def sign_in(world: World, given: Numbers) -> SignedIn:
    """Sign a candidate in and open, or find again, the session of this sitting.

    At an exam's start all come at once: this makes four calls to the store at most. What is wrong
    takes the same way as what is right, so that neither answer nor time tells what there is.

    The passcode says whether it is the trial or the official sitting. Another device than the
    session's takes over from it. Raises WrongNumbers, TooManyTries, and SittingClosed outside the
    window, unless the sitting is already done: its receipt and the trial's report can be read
    afterwards.
    """
    now = world.clock()
    seated = until_written(lambda: _sign_in(world, given, now))
    session = seated.session
    required = seated.subject.safe_browser.use is SafeBrowser.REQUIRED
    # Where Safe Exam Browser is required, only the token that proving it brings saves answers.
    sitting = None if required else Sitting(session.subject_id, session.kind)
    expires_at = now + TOKEN_LIFE
    claims = Claims(
        Role.CANDIDATE, session.session_id, expires_at, sitting, generation=session.generation
    )
    return SignedIn(world.tokens.issue(claims, API), expires_at, seated)


def _sign_in(world: World, given: Numbers, now: Millis) -> Seated:
    number = normal_number(given.number)
    doors = number_door("candidate", given.exam_id, number), address_door(given.address)
    exam = or_none(lambda: world.registry.exam_with(given.exam_id, given.subject_id))
    subject = exam.subject(given.subject_id) if exam else None
    candidate = or_none(lambda: world.registry.candidate_by_number(given.exam_id, number))
    if candidate is not None and given.subject_id not in candidate.rooms:
        candidate = None
    kind = _kind_of(subject if candidate else None, given.passcode)
    somebody = candidate.candidate_id if candidate else doors[0].name
    session_id = session_id_of(somebody, given.subject_id, kind or SittingKind.OFFICIAL)
    whole, known = world.sessions.knock(session_id, doors)
    check_doors(doors, known, now)
    if exam is None or subject is None or candidate is None or kind is None:
        raise failed(world, doors, known, now, WrongNumbers)
    welcome = Welcome(known[doors[0].name], now)
    extra = candidate.accommodation.extra_time(subject.duration)
    if whole is None or whole.session.state not in FINAL:
        _check_open(world, subject.windows[kind], extra, welcome)
    if whole is not None:
        session = _on_device(world, whole.session, given.device, welcome)
        return Seated(session, exam, subject, candidate, whole.identity, whole.devices)
    return _open_session(world, exam, subject, candidate, kind, given.device, welcome)


def _kind_of(subject: Subject | None, passcode: str) -> SittingKind | None:
    """Return which sitting a passcode opens. It takes as long where there is none to compare with."""
    nothing = "AAAAAAAAAAAAAAAAAAAAAA==$"
    stored = {
        kind: subject.windows[kind].passcode_hash if subject else nothing for kind in SittingKind
    }
    found = [kind for kind in SittingKind if matches(passcode, stored[kind])]
    return found[0] if found else None


def _check_open(world: World, window: Window, extra: Millis, welcome: Welcome) -> None:
    try:
        check_open(window, welcome.at, extra)
    except SittingClosed:
        world.sessions.commit(welcome)  # that it is closed is told to the right ones only
        raise


def _open_session(
    world: World,
    exam: Exam,
    subject: Subject,
    candidate: Candidate,
    kind: SittingKind,
    device: str,
    welcome: Welcome,
) -> Seated:
    session_id = session_id_of(candidate.candidate_id, subject.subject_id, kind)
    now = welcome.at
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
        device=device,
        head=head,
    )
    identity = Identity(session_id, room_id, 1)
    sheet, watch = Sheet(session_id, room_id, 1), Watch(session_id, room_id, 1)
    world.sessions.commit(session, sheet, watch, identity, entry, welcome)
    devices = Devices(session_id, room_id)
    return Seated(session, exam, subject, candidate, identity, devices)


def _on_device(world: World, session: Session, device: str, welcome: Welcome) -> Session:
    """Return the session as this device goes on with it; what has ended is only looked at."""
    if session.state in FINAL or (device and device == session.device):
        world.sessions.commit(welcome)
        return session
    change = take_over(session, device, welcome.at)
    world.sessions.commit(change.session, change.entry, welcome)
    return change.session
