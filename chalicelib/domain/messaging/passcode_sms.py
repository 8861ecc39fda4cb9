"""Sending a passcode to all candidates of a subject by text message, to nobody twice.

An SMS batch belongs to one passcode: starting it again for the same passcode is idempotent, a new
passcode is a new batch. Each recipient has a delivery status:

    waiting → sending → sent
                      → failed → waiting (when an admin resends)

`sending` is stored before the message is sent. A job that finds it later cannot know whether the
message was sent: the delivery fails as `unclear`, and an admin decides.
"""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.exams.exams import Candidate, Exam, Subject
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
from chalicelib.domain.types import LocalizedText, Millis, SittingKind


class DeliveryStatus(StrEnum):
    """The delivery status of a recipient."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class DeliveryFailure(StrEnum):
    """Why a message was not sent."""

    BAD_NUMBER = "bad_number"  # not a phone number
    REFUSED = "refused"  # refused by the carrier or the SMS gateway
    UNCLEAR = "unclear"  # it may have been sent: ask the candidate before resending
    PASSCODE_CHANGED = "passcode_changed"  # there is a newer passcode
    NOT_ENROLLED = "not_enrolled"  # the candidate is no longer enrolled
    NO_GATEWAY = "no_gateway"  # no SMS gateway is configured


@dataclass(frozen=True, slots=True)
class SmsBatch:
    """The sending of one passcode to all candidates of a subject.

    `enqueued_at` is set once all recipients are queued.
    """

    batch_id: str
    exam_id: str
    subject_id: str
    kind: SittingKind
    language: str
    started_at: Millis
    started_by: str
    enqueued_at: Millis | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Recipient:
    """One candidate of an SMS batch, with the delivery status."""

    batch_id: str
    candidate_id: str
    status: DeliveryStatus = DeliveryStatus.WAITING
    reason: DeliveryFailure | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """A text message. Gateways that require approved templates use its name and values instead."""

    phone_number: str
    text: str
    template_name: str
    template_values: dict[str, str]


def make_sms_batch_id(subject_id: str, kind: SittingKind, passcode_hash: str) -> str:
    """Return the deterministic id of the batch that sends this passcode."""
    text = f"{subject_id}/{kind}/{passcode_hash}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def with_status(
    recipient: Recipient, status: DeliveryStatus, reason: DeliveryFailure | None = None
) -> Recipient:
    """Return a recipient with a new delivery status, in its next version."""
    return replace(recipient, status=status, reason=reason, version=recipient.version + 1)


_TEXTS = {
    SittingKind.TRIAL: LocalizedText(
        "【{exam}】{subject} 设备调试口令：{passcode}。请用{hint}登录。"
        "设备调试和正式考试的口令不同，请勿转发。",
        "[{exam}] {subject}, passcode for the PRACTICE session: {passcode}. Sign in with {hint}. "
        "The official exam has a different passcode. Do not share it.",
    ),
    SittingKind.OFFICIAL: LocalizedText(
        "【{exam}】{subject} 正式考试口令：{passcode}。请用{hint}登录。"
        "设备调试和正式考试的口令不同，不同科目口令不同，请勿转发。",
        "[{exam}] {subject}, passcode for the OFFICIAL exam: {passcode}. Sign in with {hint}. "
        "The practice session and other subjects have different passcodes. Do not share it.",
    ),
}
_HINTS = {
    SignInNumbers.ID_NUMBER: LocalizedText("证件号", "your ID number"),
    SignInNumbers.ADMISSION_NUMBER: LocalizedText(
        "准考证号（尾号 {tail}）", "your admission number (ending in {tail})"
    ),
    SignInNumbers.EITHER: LocalizedText(
        "证件号或准考证号（尾号 {tail}）", "your ID or admission number (ending in {tail})"
    ),
    SignInNumbers.BOTH: LocalizedText(
        "证件号和准考证号（尾号 {tail}）",
        "your ID and admission numbers (the latter ending in {tail})",
    ),
}


def compose_passcode_sms(
    exam: Exam,
    subject: Subject,
    candidate: Candidate,
    passcode: str,
    batch: SmsBatch,
    phone_number: str,
) -> SmsMessage:
    """Return the message with the passcode for one candidate."""
    language = batch.language
    hint = _HINTS[subject.sign_in_numbers].for_language(language)
    values = {
        "exam": exam.title.for_language(language),
        "subject": subject.title.for_language(language),
        "passcode": passcode,
        "hint": hint.format(tail=candidate.admission_number[-4:]),
    }
    text = _TEXTS[batch.kind].for_language(language).format(**values)
    return SmsMessage(phone_number, text, f"passcode-{batch.kind}-{language}", values)
