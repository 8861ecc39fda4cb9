"""Requests and responses about passcodes and their text messages."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.domain.messaging.passcode_sms import DeliveryFailure, DeliveryStatus
from chalicelib.domain.passcodes import PasscodeMode
from chalicelib.domain.types import SittingKind
from chalicelib.schemas.common import ApiModel, Id
from chalicelib.schemas.exam_settings import ExamSetup, Language, Version


class PasscodeIn(ApiModel):
    """A request for a new passcode, or a new one for each candidate; old ones are not valid then."""

    version: Version
    kind: SittingKind
    mode: PasscodeMode | None = None
    """Null keeps the sitting's mode."""


class PasscodeOut(ApiModel):
    """The new passcode, shown this once; null where each candidate has their own."""

    passcode: str | None
    exam: ExamSetup


class PasscodeExportIn(ApiModel):
    """A request for a page of the passcodes of a subject's candidates, to be printed."""

    kind: SittingKind
    after: Annotated[str, StringConstraints(max_length=60)] = ""


class CandidatePasscodeOut(ApiModel):
    """A candidate's passcode, as it is printed."""

    name: str
    admission_number: str
    passcode: str


class PasscodeExportOut(ApiModel):
    """A page of passcodes. Unless `after` is empty, there are more."""

    passcodes: list[CandidatePasscodeOut]
    after: str


class CandidateSittingIn(ApiModel):
    """Of which sitting a candidate's passcode is shown or replaced."""

    subject_id: Id
    kind: SittingKind


class ShownPasscodeOut(ApiModel):
    """A candidate's passcode; that it was shown is on record."""

    passcode: str


class ResendPasscodeIn(ApiModel):
    """Of which sitting a candidate is sent the passcode again."""

    subject_id: Id
    kind: SittingKind
    language: Language = "zh"


class SmsBatchIn(ApiModel):
    """A request to send a sitting's passcode by SMS to every candidate who has not got it.

    `again` also retries those for whom it failed.
    """

    kind: SittingKind
    language: Language = "zh"
    again: bool = False


class DeliveryFailureOut(ApiModel):
    """A candidate who did not get the SMS, and why."""

    candidate_id: str
    name: str
    admission_number: str
    reason: DeliveryFailure


class SmsBatchOut(ApiModel):
    """The progress of sending the current passcode; `started_at` is null where it was never sent.

    Once `queued`, every candidate of the subject is a recipient, and the counts include all.
    """

    started_at: int | None
    started_by: str | None
    queued: bool
    counts: dict[DeliveryStatus, int]
    failures: list[DeliveryFailureOut]
    now: int
