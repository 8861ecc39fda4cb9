"""Examples of the exam page's routes."""

from chalicelib.api.examples import values
from chalicelib.api.examples.example import Example
from chalicelib.api.examples.recordings import RECORDING
from chalicelib.domain.identity.verification import Consent, IdentityStatus
from chalicelib.domain.rules.page_exits import ExitConsequence
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
from chalicelib.domain.sessions.endings import WayBack
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Medium, Requirement, SittingKind, View
from chalicelib.schemas.candidate import (
    IdentityOut,
    PageLockOut,
    PersonOut,
    ReceiptOut,
    SecondViewOut,
    SessionOut,
    SignedInOut,
    SignInIn,
)
from chalicelib.schemas.common import (
    CapturePlanOut,
    PlannedCaptureOut,
    RetentionIO,
    SubjectOut,
    TextOut,
    WindowOut,
)
from chalicelib.schemas.papers import AnswerIn, AnswerOut

SUBJECT = SubjectOut(
    subject_id=values.SUBJECT_ID,
    title=values.SUBJECT_TITLE,
    duration=90 * values.MINUTE,
    second_view=Requirement.REQUIRED,
    sign_in_numbers=SignInNumbers.EITHER,
    safe_browser=SebUse.ALLOWED,
    trial=WindowOut(
        opens_at=values.OPENS_AT - 2_880 * values.MINUTE,
        starts_at=values.OPENS_AT - 2_880 * values.MINUTE,
        ends_at=values.OPENS_AT - 1_440 * values.MINUTE,
    ),
    official=WindowOut(
        opens_at=values.OPENS_AT, starts_at=values.STARTS_AT, ends_at=values.ENDS_AT
    ),
)
ANSWERING = SessionOut(
    session_id=values.SESSION_ID,
    version=17,
    kind=SittingKind.OFFICIAL,
    state=State.ANSWERING,
    exam_title=values.EXAM_TITLE,
    time_zone="Asia/Shanghai",
    pledge=TextOut(zh="本人自愿参加考试，独立完成作答。", en="I take this exam on my own."),
    support=TextOut(zh="每日 9:00–21:00", en="daily 9:00–21:00"),
    subject=SUBJECT,
    person=PersonOut(
        name=values.CANDIDATE_NAME,
        id_number="110***********0011",
        admission_number=values.ADMISSION_NUMBER,
        phone="138****0001",
        registration_unit="示例报名点",
        has_photo=True,
    ),
    identity=IdentityOut(
        status=IdentityStatus.VERIFIED, reason=None, note=None, consent=Consent.GIVEN, tries_left=2
    ),
    retention=RetentionIO(snapshots=30, clips=30, identity=30, evidence=365, recordings=30),
    recording=RECORDING,
    second_view_joined_at=values.STARTS_AT - 12 * values.MINUTE,
    second_view=SecondViewOut(
        lost_at=values.NOW + 52_000, battery=0.82, battery_low=False, visible=True
    ),
    test_shot=None,
    starts_at=values.STARTS_AT,
    started_at=values.STARTS_AT,
    ends_at=values.ENDS_AT,
    earliest_submit_at=values.STARTS_AT + 30 * values.MINUTE,
    questions=12,
    reason=None,
    outage=None,
    extension=None,
    receipt=None,
    ask=None,
    lock=PageLockOut(
        on=True,
        practice=False,
        count=1,
        limit=3,
        then=ExitConsequence.PAUSE,
        forgiven=1_000,
        sequence=2,
    ),
    attempt=1,
    resumes_at=None,
    way_back=None,
    reopened=False,
    mend=[],
    now=values.NOW,
)
SIGNED_IN = ANSWERING.model_copy(
    update={
        "version": 1,
        "state": State.SIGNED_IN,
        "identity": IdentityOut(
            status=IdentityStatus.NONE, reason=None, note=None, consent=Consent.NONE, tries_left=3
        ),
        "second_view_joined_at": None,
        "second_view": None,
        "started_at": None,
        "ends_at": None,
        "earliest_submit_at": None,
        "lock": ANSWERING.lock.model_copy(update={"count": 0, "sequence": 0}),
        "now": values.OPENS_AT + 5 * values.MINUTE,
    }
)
SUBMITTED = ANSWERING.model_copy(
    update={
        "version": 18,
        "state": State.SUBMITTED,
        "way_back": WayBack.REOPEN,
        "receipt": ReceiptOut(
            number="3F9D-7C21-A4B8",
            at=values.NOW,
            answers_hash="9f2c4e7b6a1d80f35c2e9b4d7a6f1c0e8b3d5f7a9c1e2b4d6f8a0c3e5b7d9f1a",
            answered=12,
            questions=12,
        ),
    }
)


def _planned_picture(seconds: int, suffix: str) -> PlannedCaptureOut:
    due_at = values.NOW + seconds * 1_000
    capture_id = f"{due_at}-{suffix}"
    return PlannedCaptureOut(
        view=View.FIRST,
        medium=Medium.PICTURE,
        due_at=due_at,
        length=0,
        upload=values.upload(capture_id, f"snapshots/{values.SESSION_ID}/first/{capture_id}.jpg"),
    )


EXAMPLES: dict[str, Example] = {
    "sign_in": Example(
        SignedInOut(
            token=values.TOKEN, expires_at=values.OPENS_AT + 725 * values.MINUTE, session=SIGNED_IN
        ),
        SignInIn(
            exam_id=values.EXAM_ID,
            subject_id=values.SUBJECT_ID,
            number=values.ADMISSION_NUMBER,
            passcode="K7M2QX9H",
            device="0b7a4c0e-5d0e-4a54-9a1f-2f6f3c1d9e10",
        ),
    ),
    "show_session": Example(ANSWERING),
    "save_answer": Example(
        AnswerOut(question_id="q3", sequence=5, value=["A", "C"], saved_at=values.NOW),
        AnswerIn(sequence=5, value=["A", "C"]),
    ),
    "submit": Example(SUBMITTED),
    "plan_captures": Example(
        CapturePlanOut(
            now=values.NOW,
            next_at=values.NOW + 50_000,
            captures=[_planned_picture(7, "1a2b3c4d"), _planned_picture(24, "5e6f7a8b")],
        )
    ),
}
