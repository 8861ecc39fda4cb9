"""Objects of the rules with everything filled in, to be changed where a test cares."""

import base64
import hashlib
from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.domain.audit import ChainHead, append
from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.exams.exams import Candidate, Exam, Room, Staff, Subject, Window
from chalicelib.domain.exams.papers import (
    Answer,
    AnswerProgress,
    Option,
    Paper,
    Question,
    QuestionKind,
)
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.messaging.calls import Call, CallKind, Calls, Endpoint, IceCandidate, Signal
from chalicelib.domain.messaging.chats import Chat, Side, post_message
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.domain.monitoring.monitor_state import Flag, MonitorState
from chalicelib.domain.passcodes import hash_passcode
from chalicelib.domain.review.evidence import Evidence, Exhibit, RelativePosition, Source
from chalicelib.domain.review.reviews import Decision, ReasonCode, Review, Verdict, begin_review
from chalicelib.domain.rules.device_checks import (
    CheckOutcome,
    CheckResult,
    CheckResults,
    CheckSummary,
    DeviceCheck,
)
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.rules.safe_exam_browser import (
    SebRule,
    SebUse,
    config_settings,
    proof_url,
)
from chalicelib.domain.rules.seb_config_key import config_key
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import (
    MINUTE,
    SECOND,
    Medium,
    Millis,
    Requirement,
    Role,
    SittingKind,
    View,
)
from chalicelib.domain.types import LocalizedText as Words
from chalicelib.services.ports import JoinCode, Record

NOW: Millis = 1_800_000_000_000
EXAM, SUBJECT, ROOM, OTHER_ROOM = "exam-1", "subject-1", "room-1", "room-2"
PAGES = "https://pages.test"
TRIAL, OFFICIAL = "TRIAL234", "OFFIC567"
EMBEDDING = base64.b64encode(bytes(512)).decode()


def localized(name: str) -> Words:
    """A text that tells its two languages apart."""
    return Words(f"{name}（中）", f"{name} (en)")


def window(passcode: str, now: Millis = NOW, **changes: Any) -> Window:
    """A window that opened an hour ago, started a minute ago and ends in ten hours."""
    made = Window(now - 60 * MINUTE, now - MINUTE, now + 600 * MINUTE, _stored(passcode))
    return replace(made, **changes)


@cache  # the hash is slow by design, and every world has two
def _stored(passcode: str) -> str:
    return hash_passcode(passcode, hashlib.sha256(passcode.encode()).digest()[:16])


def subject(now: Millis = NOW, **changes: Any) -> Subject:
    """A subject of 90 minutes whose trial and official windows are both open."""
    made = Subject(
        subject_id=SUBJECT,
        exam_id=EXAM,
        title=localized("subject"),
        duration=90 * MINUTE,
        windows={
            SittingKind.TRIAL: window(TRIAL, now),
            SittingKind.OFFICIAL: window(OFFICIAL, now),
        },
        questions={SittingKind.TRIAL: 4, SittingKind.OFFICIAL: 4},
        second_view=Requirement.OPTIONAL,
        safe_browser=SebRule(SebUse.ALLOWED),
    )
    return replace(made, **changes)


def exam(*subjects: Subject, **changes: Any) -> Exam:
    """An exam of one subject, or of those given."""
    made = Exam(
        EXAM,
        localized("title"),
        localized("pledge"),
        localized("support"),
        subjects or (subject(),),
    )
    return replace(made, **changes)


def paper(kind: SittingKind = SittingKind.OFFICIAL, subject_id: str = SUBJECT) -> Paper:
    """A paper with a question of every kind: q1 single, q2 multiple, q3 true or false, q4 text."""
    choices = tuple(Option(key, localized(key)) for key in "ABCD")
    yes_no = (Option("true", localized("true")), Option("false", localized("false")))
    return Paper(
        subject_id,
        kind,
        (
            Question("q1", QuestionKind.SINGLE, localized("q1"), 1, choices, ("A",)),
            Question("q2", QuestionKind.MULTIPLE, localized("q2"), 1, choices, ("A", "C")),
            Question("q3", QuestionKind.TRUE_FALSE, localized("q3"), 1, yes_no, ("true",)),
            Question("q4", QuestionKind.TEXT, localized("q4"), 1),
        ),
    )


def room(room_id: str = ROOM) -> Room:
    """A room of the exam."""
    return Room(room_id, EXAM, localized(room_id))


def candidate(name: str = "one", **changes: Any) -> Candidate:
    """A candidate with a photo, in the first room; numbers are made of the name."""
    made = Candidate(
        candidate_id=f"candidate-{name}",
        exam_id=EXAM,
        name=f"考生 {name}",
        id_number=f"ID-{name}-0001",
        admission_number=f"ADM-{name}",
        phone_number="10000000001",
        rooms={SUBJECT: ROOM},
        photo_key=f"registration/candidate-{name}.jpg",
    )
    return replace(made, **changes)


def staff(username: str = "proctor", role: Role = Role.PROCTOR, *rooms: str) -> Staff:
    """A staff member whose password is «password of» the username."""
    return Staff(username, f"员工 {username}", role, f"hash of password of {username}", rooms)


def session(session_id: str = "5e55", **changes: Any) -> Session:
    """A session that is answering, version 1, of the official sitting."""
    made = Session(
        session_id=session_id,
        exam_id=EXAM,
        subject_id=SUBJECT,
        candidate_id="candidate-one",
        candidate_name="考生 one",
        admission_number="ADM-one",
        room_id=ROOM,
        kind=SittingKind.OFFICIAL,
        state=State.ANSWERING,
        version=1,
        created_at=NOW,
        starts_at=NOW,
        questions=4,
        has_photo=True,
        check_summary=CheckSummary(NOW, CheckOutcome.PASS, ready=True),
        started_at=NOW,
        ends_at=NOW + 90 * MINUTE,
    )
    return replace(made, **changes)


def opening_records(one: Session) -> tuple[Record, ...]:
    """Everything that is written when a session opens, with its first audit entry."""
    entry, head = append(ChainHead(), one.session_id, one.created_at, "candidate", "signed_in")
    return (
        replace(one, head=head),
        AnswerProgress(one.session_id, one.room_id, 1),
        MonitorState(one.session_id, one.room_id, 1),
        IdentityCheck(one.session_id, one.room_id, 1),
        entry,
    )


def answer(
    session_id: str, question_id: str = "q1", sequence: int = 1, *value: str, at: Millis = NOW
) -> Answer:
    """An answer."""
    return Answer(session_id, question_id, sequence, value, at)


def observation(
    session_id: str = "5e55",
    at: Millis = NOW,
    *kinds: FindingKind,
    view: View = View.FIRST,
    medium: Medium = Medium.PICTURE,
    error: str | None = None,
    tail: str = "abc",
) -> Observation:
    """What was seen at a moment: nothing, or the kinds given, each with a score of 0.9."""
    capture_id = make_capture_id(at, tail)
    folder = "clips" if medium is Medium.SOUND else f"snapshots/{view}"
    return Observation(
        session_id=session_id,
        capture_id=capture_id,
        view=view,
        medium=medium,
        captured_at=at,
        arrived_at=at + SECOND,
        key=f"{folder}/{session_id}/{capture_id}",
        findings=tuple(Finding(kind, 0.9) for kind in kinds),
        error=error,
    )


def flag(session_id: str = "5e55", at: Millis = NOW, **changes: Any) -> Flag:
    """An open flag for somebody who is absent."""
    made = Flag(
        flag_id=f"{at:013d}-first-absent",
        session_id=session_id,
        room_id=ROOM,
        kind=FindingKind.ABSENT,
        view=View.FIRST,
        severity=Severity.SERIOUS,
        began_at=at,
        opened_at=at + 5 * SECOND,
        last_seen_at=at + 5 * SECOND,
    )
    return replace(made, **changes)


def message_records(session_id: str = "5e55", room_id: str = ROOM) -> tuple[Record, ...]:
    """A warning, a chat of one message, a talk that was taken and a look at the second view."""
    calls = tuple(
        Call(kind.value, kind, "proctor", "员工 proctor", NOW, accepted_at=NOW)
        for kind in (CallKind.TALK, CallKind.SECOND)
    )
    chat = Chat(session_id, EXAM, room_id, "考生 one", "ADM-one")
    written = post_message(chat, Side.DEVICE, "", "first", "看不到题目", NOW)
    if written is None:
        raise AssertionError
    return (
        DanmakuWarning(
            session_id, room_id, "warning", 1, localized("warning"), "proctor", "员工 proctor",
            to_room=False, sent_at=NOW,
        ),
        Calls(session_id, room_id, 1, calls),
        written.chat,
        written.message,
    )  # fmt: skip


def signal(session_id: str, to: Side, call_id: str = "talk") -> Signal:
    """The first step of connecting a talk."""
    return Signal(
        session_id, call_id, to, "proctor", Endpoint.EXAM, "p", 0,
        sent_at=NOW, expires_at=NOW + MINUTE, type="offer", sdp="v=0",
        candidates=(IceCandidate("candidate:1", "0", 0),),
    )  # fmt: skip


def checks(session_id: str = "5e55") -> CheckResults:
    """Checks of which one was made."""
    made = {DeviceCheck.SCREENS: CheckResult(CheckOutcome.PASS, 1, "", NOW)}
    return CheckResults(session_id, 1, made)


def join_code(session_id: str = "5e55", code: str = "CODE2345", ends: Millis = NOW) -> JoinCode:
    """A one-time code."""
    return JoinCode(code, session_id, ends)


def evidence(session_id: str = "5e55", **changes: Any) -> Evidence:
    """A picture that a proctor kept, without those around it."""
    exhibit = Exhibit(
        RelativePosition.MOMENT, NOW, f"{session_id}/{'a' * 64}.jpg", "a" * 64, 9, "image/jpeg"
    )
    made = Evidence(
        evidence_id="kept",
        session_id=session_id,
        room_id=ROOM,
        version=1,
        view=View.FIRST,
        medium=Medium.PICTURE,
        source=Source.LIVE,
        at=NOW,
        taken_by="proctor:proctor",
        taken_at=NOW,
        note="",
        exhibits=(exhibit,),
    )
    return replace(made, **changes)


def review(session_id: str = "5e55", **changes: Any) -> Review:
    """A violation that one person was enough for."""
    decision = Decision("proctor:somebody", NOW, Verdict.CONFIRM, ReasonCode.MISCONDUCT)
    return replace(begin_review((), session_id, ROOM, decision), **changes)


def page_proof(
    nonce: str, rule: SebRule | None = None, page: str = f"{PAGES}/exam/index.html"
) -> str:
    """What Safe Exam Browser, under the subject's settings, tells the page opened with a nonce."""
    key = config_key(config_settings(rule or subject().safe_browser, page))
    return digest(proof_url(page, nonce), key)


def digest(url: str, key: str) -> str:
    """The digest over an address and a key, as Safe Exam Browser computes it."""
    return hashlib.sha256((url + key).encode()).hexdigest()
