"""From domain objects to what candidates see."""

from collections.abc import Callable

from chalicelib.domain.capture.cameras import HEARTBEAT_INTERVAL, CameraStatus
from chalicelib.domain.exams.exams import Candidate, Exam, Subject, mask_number
from chalicelib.domain.exams.papers import (
    MAX_LENGTH,
    Answer,
    Paper,
    Question,
    QuestionKind,
    QuestionPicture,
)
from chalicelib.domain.identity.verification import MAX_ATTEMPTS, IdentityCheck
from chalicelib.domain.rules.outages import Outage
from chalicelib.domain.rules.page_exits import PageLockRule, limit_of
from chalicelib.domain.sessions.endings import way_back
from chalicelib.domain.sessions.sealing import earliest_submit_of
from chalicelib.domain.sessions.session_view import CandidateSessionView
from chalicelib.domain.sessions.sessions import Extension, Receipt, Session
from chalicelib.domain.types import Millis, SittingKind, View
from chalicelib.schemas.candidate import (
    ExamOut,
    ExtensionOut,
    IdentityOut,
    OutageOut,
    PageLockOut,
    PersonOut,
    ReceiptOut,
    SecondViewOut,
    SessionOut,
)
from chalicelib.schemas.common import RetentionIO, SubjectOut, TextOut, WindowOut
from chalicelib.schemas.papers import AnswerOut, OptionOut, PaperOut, PictureOut, QuestionOut
from chalicelib.schemas.phone import PhoneSessionOut
from chalicelib.schemas.serializers.cameras import camera_test_out
from chalicelib.schemas.serializers.recordings import own_recording_out
from chalicelib.schemas.serializers.requests import proctor_request_out


def exam_out(exam: Exam, now: Millis) -> ExamOut:
    """Return what anybody may read of an exam."""
    return ExamOut(
        exam_id=exam.exam_id,
        title=TextOut.of(exam.title),
        support=TextOut.of(exam.support),
        subjects=[subject_out(subject) for subject in exam.subjects],
        time_zone=exam.time_zone,
        now=now,
    )


def subject_out(subject: Subject) -> SubjectOut:
    """Return a subject and its windows, without the passcodes' hashes."""
    return SubjectOut(
        subject_id=subject.subject_id,
        title=TextOut.of(subject.title),
        duration=subject.duration,
        second_view=subject.second_view,
        sign_in_numbers=subject.sign_in_numbers,
        safe_browser=subject.safe_browser.use,
        trial=WindowOut.of(subject.windows[SittingKind.TRIAL]),
        official=WindowOut.of(subject.windows[SittingKind.OFFICIAL]),
    )


def session_out(view: CandidateSessionView, now: Millis) -> SessionOut:
    """Return a session as its candidate sees it."""
    session, exam, subject = view.session, view.exam, view.subject
    return SessionOut(
        session_id=session.session_id,
        version=session.version,
        kind=session.kind,
        state=session.state,
        exam_title=TextOut.of(exam.title),
        time_zone=exam.time_zone,
        pledge=TextOut.of(exam.pledge),
        support=TextOut.of(exam.support),
        subject=subject_out(subject),
        person=_person_out(view.candidate),
        identity=_identity_out(view.identity),
        retention=RetentionIO.of(session.retention),
        recording=own_recording_out(session, view.identity.voice),
        second_view_joined_at=session.second_view_joined_at,
        second_view=_second_view_out(view),
        test_shot=camera_test_out(view.cameras, View.FIRST),
        starts_at=session.starts_at,
        started_at=session.started_at,
        ends_at=session.ends_at,
        earliest_submit_at=session.started_at + earliest_submit_of(session, subject)
        if session.started_at
        else None,
        questions=session.questions,
        reason=session.reason,
        outage=_outage_out(session.outage) if session.outage else None,
        receipt=_receipt_out(session.receipt) if session.receipt else None,
        extension=_extension_out(session.extension) if session.extension else None,
        ask=proctor_request_out(session.request),
        lock=_page_lock_out(session, view.subject.lock),
        attempt=session.attempt,
        resumes_at=session.resume_state,
        way_back=way_back(session),
        reopened=session.kind is SittingKind.OFFICIAL and session.superseded_by is not None,
        mend=list(view.corrections),
        now=now,
    )


def _extension_out(extension: Extension) -> ExtensionOut:
    return ExtensionOut(at=extension.at, span=extension.span, reason=extension.reason)


def _page_lock_out(session: Session, rule: PageLockRule) -> PageLockOut:
    return PageLockOut(
        on=rule.on,
        practice=session.kind is SittingKind.TRIAL,
        count=session.exits.count,
        limit=limit_of(session.exits, rule),
        then=rule.consequence,
        forgiven=rule.grace,
        sequence=session.exits.sequence,
    )


def _person_out(candidate: Candidate) -> PersonOut:
    return PersonOut(
        name=candidate.name,
        id_number=mask_number(candidate.id_number),
        admission_number=candidate.admission_number,
        phone=mask_number(candidate.phone_number),
        registration_unit=candidate.registration_unit,
        has_photo=candidate.photo_key is not None,
    )


def _identity_out(identity: IdentityCheck) -> IdentityOut:
    return IdentityOut(
        status=identity.status,
        reason=identity.reason,
        note=identity.note,
        consent=identity.consent,
        tries_left=max(MAX_ATTEMPTS - identity.attempts, 0),
    )


def _second_view_out(view: CandidateSessionView) -> SecondViewOut | None:
    phone = view.cameras.phone
    if phone is None:
        return None
    return SecondViewOut(
        lost_at=phone.lost_at(view.latest_picture_at),
        battery=phone.status.battery,
        battery_low=phone.battery_low,
        visible=phone.status.visible,
    )


def _outage_out(outage: Outage) -> OutageOut:
    return OutageOut(began_at=outage.began_at, ended_at=outage.ended_at, credit=outage.credit)


def _receipt_out(receipt: Receipt) -> ReceiptOut:
    return ReceiptOut(
        number=receipt.number,
        at=receipt.at,
        answers_hash=receipt.answers_hash,
        answered=receipt.answered,
        questions=receipt.questions,
    )


def paper_out(paper: Paper, answers: list[Answer], sign: Callable[[str], str]) -> PaperOut:
    """Return the questions without their keys, their pictures by presigned URLs, and the saved answers."""
    return PaperOut(
        questions=[_question_out(question, sign) for question in paper.questions],
        answers=[answer_out(answer) for answer in answers],
    )


def _question_out(question: Question, sign: Callable[[str], str]) -> QuestionOut:
    return QuestionOut(
        question_id=question.question_id,
        kind=question.kind,
        stem=TextOut.of(question.stem),
        points=question.points,
        options=[
            OptionOut(key=option.key, text=TextOut.of(option.text)) for option in question.options
        ],
        pictures=[_picture_out(picture, sign) for picture in question.pictures],
        blanks=question.blanks if question.kind is QuestionKind.FILL_IN else 0,
        longest=MAX_LENGTH.get(question.kind, 0),
    )


def _picture_out(picture: QuestionPicture, sign: Callable[[str], str]) -> PictureOut:
    return PictureOut(
        picture_id=picture.key,
        url=sign(picture.key),
        alt=TextOut.of(picture.alt),
        width=picture.width,
        height=picture.height,
    )


def answer_out(answer: Answer) -> AnswerOut:
    """Return a saved answer."""
    return AnswerOut(
        question_id=answer.question_id,
        sequence=answer.sequence,
        value=list(answer.value),
        saved_at=answer.saved_at,
    )


def phone_session_out(
    session: Session, cameras: CameraStatus, subject: Subject, now: Millis
) -> PhoneSessionOut:
    """Return the session that a phone is paired with."""
    return PhoneSessionOut(
        session_id=session.session_id,
        state=session.place,
        candidate_name=session.candidate_name,
        subject_title=TextOut.of(subject.title),
        report_every=HEARTBEAT_INTERVAL,
        recording=own_recording_out(session, None),
        test_shot=camera_test_out(cameras, View.SECOND),
        now=now,
    )
