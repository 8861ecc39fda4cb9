"""Builders of domain objects with defaults, which tests override where it matters."""

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
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.recording.segments import (
    SEGMENT_LENGTH,
    Container,
    Segment,
    SegmentPlace,
    make_segment_id,
)
from chalicelib.domain.review.deletion import make_plan
from chalicelib.domain.review.evidence import Evidence, Exhibit, RelativePosition, Source
from chalicelib.domain.review.reviews import Decision, ReasonCode, Review, Verdict, begin_review
from chalicelib.domain.rules.device_changes import Origin
from chalicelib.domain.rules.device_checks import (
    CheckOutcome,
    CheckResult,
    CheckResults,
    CheckSummary,
    DeviceCheck,
)
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.rules.retention import KeptKind
from chalicelib.domain.rules.safe_exam_browser import (
    SebRule,
    SebUse,
    config_settings,
    proof_url,
)
from chalicelib.domain.rules.seb_config_key import config_key
from chalicelib.domain.sessions.sessions import Session, make_session_id
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import (
    MINUTE,
    SECOND,
    LocalizedText,
    Medium,
    Millis,
    Requirement,
    Role,
    SittingKind,
    View,
)
from chalicelib.services.ports import JoinCode, Record

NOW: Millis = 1_800_000_000_000
ORIGIN = Origin("192.0.2.1", "Firefox")
EXAM, SUBJECT, ROOM, OTHER_ROOM = "exam-1", "subject-1", "room-1", "room-2"
PAGES = "https://pages.test"
JPEG = b"\xff\xd8\xff\xe0" + bytes(2_000)
"""What passes for a photo by its first bytes and size."""
TRIAL, OFFICIAL = "PRACT234", "EXAM5678"
EMBEDDING = base64.b64encode(bytes(512)).decode()
ROOM_NAMES = {OTHER_ROOM: LocalizedText("第 4 考场", "Room 4")}
DISPLAY_NAMES = {
    "proctor": "王海燕",
    "elsewhere": "赵志强",
    "admin": "系统管理员",
    "support": "技术支持",
}


def localized(zh: str, en: str = "") -> LocalizedText:
    """Return a text whose two languages differ."""
    return LocalizedText(zh, en or f"{zh} (en)")


def window(passcode: str, now: Millis = NOW, **changes: Any) -> Window:
    """Return a window that opened an hour ago, started a minute ago and ends in ten hours."""
    default = Window(now - 60 * MINUTE, now - MINUTE, now + 600 * MINUTE, _passcode_hash(passcode))
    return replace(default, **changes)


@cache  # the hash is slow by design, and every context needs two
def _passcode_hash(passcode: str) -> str:
    return hash_passcode(passcode, hashlib.sha256(passcode.encode()).digest()[:16])


def subject(now: Millis = NOW, **changes: Any) -> Subject:
    """Return a subject of 90 minutes, open for practice and for the official exam."""
    default = Subject(
        subject_id=SUBJECT,
        exam_id=EXAM,
        title=localized("劳动关系协调员（三级）", "Labour relations coordinator (level 3)"),
        duration=90 * MINUTE,
        windows={
            SittingKind.TRIAL: window(TRIAL, now),
            SittingKind.OFFICIAL: window(OFFICIAL, now),
        },
        questions={SittingKind.TRIAL: 4, SittingKind.OFFICIAL: 4},
        second_view=Requirement.OPTIONAL,
        safe_browser=SebRule(SebUse.ALLOWED),
    )
    return replace(default, **changes)


def exam(*subjects: Subject, **changes: Any) -> Exam:
    """Return an exam of the subjects, by default of one."""
    default = Exam(
        EXAM,
        localized(
            "2026 年下半年省级职业技能等级认定",
            "Provincial vocational skills certification, autumn 2026",
        ),
        localized(
            "本人承诺独立完成考试，遵守考试纪律。", "I take this exam alone and obey its rules."
        ),
        localized("考试期间每日 9:00–21:00", "daily 9:00–21:00 during the examination period"),
        subjects or (subject(),),
    )
    return replace(default, **changes)


def paper(kind: SittingKind = SittingKind.OFFICIAL, subject_id: str = SUBJECT) -> Paper:
    """Return a paper of four questions: q1 single, q2 multiple, q3 true or false, q4 text."""
    options = (
        Option("A", localized("协商", "consultation")),
        Option("B", localized("罚款", "fines")),
        Option("C", localized("调解", "mediation")),
        Option("D", localized("停产", "closure")),
    )
    true_false = (
        Option("true", localized("正确", "True")),
        Option("false", localized("错误", "False")),
    )
    first = localized("处理劳动争议首先应当采取的方式是：", "A labour dispute is first handled by:")
    second = localized("处理劳动争议的途径包括：", "Ways to settle a labour dispute include:")
    third = localized("集体合同须经职工讨论。", "Collective contracts are discussed by employees.")
    fourth = localized("请简述劳动争议调解的步骤。", "Describe the steps of labour mediation.")
    return Paper(
        subject_id,
        kind,
        (
            Question("q1", QuestionKind.SINGLE, first, 1, options, ("A",)),
            Question("q2", QuestionKind.MULTIPLE, second, 1, options, ("A", "C")),
            Question("q3", QuestionKind.TRUE_FALSE, third, 1, true_false, ("true",)),
            Question("q4", QuestionKind.TEXT, fourth, 1),
        ),
    )


def room(room_id: str = ROOM) -> Room:
    """Return a room of the exam."""
    name = ROOM_NAMES.get(room_id, LocalizedText("第 3 考场", "Room 3"))
    return Room(room_id, EXAM, name)


def candidate(suffix: str = "one", **changes: Any) -> Candidate:
    """Return a candidate with a photo, in the first room; ids and numbers end with `suffix`."""
    default = Candidate(
        candidate_id=f"candidate-{suffix}",
        exam_id=EXAM,
        name=f"考生 {suffix}",
        id_number=f"ID-{suffix}-0001",
        admission_number=f"ADM-{suffix}",
        phone_number="10000000001",
        rooms={SUBJECT: ROOM},
        photo_key=f"registration/candidate-{suffix}.jpg",
    )
    return replace(default, **changes)


def staff(username: str = "proctor", role: Role = Role.PROCTOR, *rooms: str) -> Staff:
    """Return a staff member; the password is «password of <username>»."""
    display_name = DISPLAY_NAMES.get(username, username)
    return Staff(username, display_name, role, f"hash of password of {username}", rooms)


def session_id_of(candidate_id: str) -> str:
    """Return the id of a candidate's official sitting."""
    return make_session_id(candidate_id, SUBJECT, SittingKind.OFFICIAL)


def session(session_id: str = "5e55", **changes: Any) -> Session:
    """Return version 1 of a session of the official exam, in the state `answering`."""
    default = Session(
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
    return replace(default, **changes)


def segment(session_id: str, track: Track, begins_at: Millis, **changes: Any) -> Segment:
    """Return a readable segment that begins then, with sound where its track has it."""
    segment_id = make_segment_id(session_id, track, begins_at)
    default = Segment(
        session_id=session_id,
        track=track,
        segment_id=segment_id,
        key=SegmentPlace(session_id, track, segment_id, Container.WEBM).key,
        began_at=begins_at,
        ended_at=begins_at + SEGMENT_LENGTH,
        arrived_at=begins_at + SEGMENT_LENGTH + SECOND,
        size=9_000,
        sha256="a" * 64,
        announced_sha256="a" * 64,
        duration=SEGMENT_LENGTH,
        silent=None if track is Track.SCREEN else False,
    )
    return replace(default, **changes)


def opening_records(session: Session) -> tuple[Record, ...]:
    """Return all records that are written when a session opens, with its first audit entry."""
    session_id, room_id = session.session_id, session.room_id
    kept = {f"keep_{kind}": session.retention.days(kind) for kind in KeptKind}
    entry, head = append(
        ChainHead(), session_id, session.created_at, "candidate", "signed_in", **kept
    )
    return (
        replace(session, head=head),
        AnswerProgress(session_id, room_id, 1),
        MonitorState(session_id, room_id, 1),
        IdentityCheck(session_id, room_id, 1),
        entry,
        make_plan(session_id, session.created_at, session.retention),
    )


def answer(
    session_id: str, question_id: str = "q1", sequence: int = 1, *value: str, at: Millis = NOW
) -> Answer:
    """Return an answer to a question."""
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
    """Return an observation with a finding of each of the kinds, each with a score of 0.9."""
    capture_id = make_capture_id(at, tail)
    folder = {
        Medium.PICTURE: f"snapshots/{view}",
        Medium.SOUND: "clips",
        Medium.RECORDED_SOUND: f"recordings/{view}",
    }[medium]
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
    """Return an open flag of the kind `absent`."""
    default = Flag(
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
    return replace(default, **changes)


def message_records(session_id: str = "5e55", room_id: str = ROOM) -> tuple[Record, ...]:
    """Return a warning, a chat of one message, an accepted talk and live video of the second view."""
    calls = tuple(
        Call(kind.value, kind, "proctor", DISPLAY_NAMES["proctor"], NOW, accepted_at=NOW)
        for kind in (CallKind.TALK, CallKind.SECOND)
    )
    chat = Chat(session_id, EXAM, room_id, "考生 one", "ADM-one")
    posted = post_message(chat, Side.DEVICE, "", "first", "看不到题目", NOW)
    if posted is None:
        raise AssertionError
    return (
        DanmakuWarning(
            session_id, room_id, "warning", 1, localized("请注意", "Attention"), "proctor",
            DISPLAY_NAMES["proctor"],
            to_room=False, sent_at=NOW,
        ),
        Calls(session_id, room_id, 1, calls),
        posted.chat,
        posted.message,
    )  # fmt: skip


def signal(session_id: str, to: Side, call_id: str = "talk") -> Signal:
    """Return the first signal of a call: an offer."""
    return Signal(
        session_id, call_id, to, "proctor", Endpoint.EXAM, "p", 0,
        sent_at=NOW, expires_at=NOW + MINUTE, type="offer", sdp="v=0",
        candidates=(IceCandidate("candidate:1", "0", 0),),
    )  # fmt: skip


def checks(session_id: str = "5e55") -> CheckResults:
    """Return device checks with the result of one check."""
    results = {DeviceCheck.SCREENS: CheckResult(CheckOutcome.PASS, 1, "", NOW)}
    return CheckResults(session_id, 1, results)


def join_code(session_id: str = "5e55", code: str = "JADE2345", ends: Millis = NOW) -> JoinCode:
    """Return a phone's join code."""
    return JoinCode(code, session_id, ends)


def evidence(session_id: str = "5e55", **changes: Any) -> Evidence:
    """Return evidence of one exhibit, a live screenshot taken by a proctor."""
    exhibit = Exhibit(
        RelativePosition.MOMENT, NOW, f"{session_id}/{'a' * 64}.jpg", "a" * 64, 9, "image/jpeg"
    )
    default = Evidence(
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
    return replace(default, **changes)


def review(session_id: str = "5e55", **changes: Any) -> Review:
    """Return a review confirmed by one decision."""
    decision = Decision("proctor:somebody", NOW, Verdict.CONFIRM, ReasonCode.MISCONDUCT)
    return replace(begin_review((), session_id, ROOM, decision), **changes)


def page_proof(
    nonce: str, rule: SebRule | None = None, page: str = f"{PAGES}/exam/index.html"
) -> str:
    """Return the hash that Safe Exam Browser, under `rule`, sends for the page of a nonce."""
    key = config_key(config_settings(rule or subject().safe_browser, page))
    return digest(proof_url(page, nonce), key)


def digest(url: str, key: str) -> str:
    """Return the hash of a URL and a key, as Safe Exam Browser computes it."""
    return hashlib.sha256((url + key).encode()).hexdigest()
