"""Sending a passcode to everybody of a subject by text message, nobody twice.

A mailing belongs to one passcode: a new passcode is a new mailing, the same one is the same, however
often it is asked for. Each recipient stands at one of four steps:

    waiting → sending → sent
                      → failed → waiting (when an admin asks for it)

`sending` is written before the message leaves. Whoever finds it there later cannot know whether the
message went out: that is failed as `unclear`, and a person decides.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.exams.exams import Candidate, Exam, Subject
from chalicelib.domain.types import LocalizedText, Millis, SittingKind

DEFAULT_COUNTRY_CODE = "+86"
"""What a number without a country code belongs to."""

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class DeliveryStatus(StrEnum):
    """Where one recipient stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class DeliveryFailure(StrEnum):
    """Why a message was not sent."""

    BAD_NUMBER = "bad_number"  # no telephone number
    REFUSED = "refused"  # the carrier or the gateway refused it
    UNCLEAR = "unclear"  # it may have gone out: ask the candidate before sending again
    PASSCODE_CHANGED = "passcode_changed"  # there is a newer passcode
    NOT_ENROLLED = "not_enrolled"  # signed off since
    NO_GATEWAY = "no_gateway"  # nothing is configured that could send


@dataclass(frozen=True, slots=True)
class SmsBatch:
    """One passcode on its way to everybody of a subject. `walked_at` is when all were queued."""

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
    """One candidate of a mailing."""

    batch_id: str
    candidate_id: str
    status: DeliveryStatus = DeliveryStatus.WAITING
    reason: DeliveryFailure | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """A text message. Gateways that want an approved template get its name and values instead."""

    phone_number: str
    text: str
    template: str
    values: dict[str, str]


def sms_batch_id(subject_id: str, kind: SittingKind, passcode_hash: str) -> str:
    """Return the one id that sending this passcode has."""
    text = f"{subject_id}/{kind}/{passcode_hash}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def with_status(
    recipient: Recipient, status: DeliveryStatus, reason: DeliveryFailure | None = None
) -> Recipient:
    """Return a recipient one step on."""
    return replace(recipient, status=status, reason=reason, version=recipient.version + 1)


def normalize_phone_number(phone: str) -> str | None:
    """Return a telephone number with its country code, or None where it is none."""
    digits = re.sub(r"[\s()-]", "", phone)
    whole = digits if digits.startswith("+") else DEFAULT_COUNTRY_CODE + digits.removeprefix("0086")
    return whole if E164.fullmatch(whole) else None


_TEXTS = {
    SittingKind.TRIAL: LocalizedText(
        "【{exam}】{subject} 设备调试口令：{passcode}。请用{hint}登录。"
        "设备调试和正式考试的口令不同，请勿转发。",
        "[{exam}] {subject}, passcode for the TRIAL of your devices: {passcode}. Sign in with {hint}. "
        "The official exam has another passcode. Do not pass it on.",
    ),
    SittingKind.OFFICIAL: LocalizedText(
        "【{exam}】{subject} 正式考试口令：{passcode}。请用{hint}登录。"
        "设备调试和正式考试的口令不同，不同科目口令不同，请勿转发。",
        "[{exam}] {subject}, passcode for the OFFICIAL exam: {passcode}. Sign in with {hint}. "
        "The trial and every other subject have other passcodes. Do not pass it on.",
    ),
}
_HINT = LocalizedText(
    "证件号或准考证号（尾号 {tail}）", "your ID or admission number (ending in {tail})"
)


def compose_passcode_sms(
    exam: Exam, subject: Subject, candidate: Candidate, passcode: str, batch: SmsBatch, phone: str
) -> SmsMessage:
    """Return the message that tells one candidate the passcode."""
    language = batch.language
    values = {
        "exam": exam.title.for_language(language),
        "subject": subject.title.for_language(language),
        "passcode": passcode,
        "hint": _HINT.for_language(language).format(tail=candidate.admission_number[-4:]),
    }
    text = _TEXTS[batch.kind].for_language(language).format(**values)
    return SmsMessage(phone, text, f"passcode-{batch.kind}-{language}", values)
