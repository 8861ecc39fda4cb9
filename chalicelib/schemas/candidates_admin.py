"""Requests and responses about enrolled candidates."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.exams.accommodations import MAX_EXTRA_MINUTES, MAX_EXTRA_PERCENT
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.schemas.common import ApiModel, Id, UploadOut
from chalicelib.schemas.exam_settings import Version
from chalicelib.schemas.staff import AuditOut
from chalicelib.schemas.staff_acts import ReasonText


class CandidateSearchIn(ApiModel):
    """A search; in a body, so that no URL holds names or numbers."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    subject_id: Id | None = None
    after: Annotated[str, StringConstraints(max_length=60)] = ""


class AccommodationIO(ApiModel):
    """One candidate's accommodation: flag types switched off, extra time, tracks not recorded."""

    excused: list[FindingKind] = Field(max_length=60)
    extra_percent: Annotated[int, Field(ge=0, le=MAX_EXTRA_PERCENT)] = 0
    extra_minutes: Annotated[int, Field(ge=0, le=MAX_EXTRA_MINUTES)] = 0
    unrecorded: list[Track] = Field(default_factory=list, max_length=3)


class CandidateSummary(ApiModel):
    """A candidate in the list. The ID number is masked."""

    candidate_id: str
    name: str
    id_number: str
    admission_number: str
    registration_unit: str
    rooms: dict[str, str]
    has_photo: bool
    accommodation: AccommodationIO


class CandidatesOut(ApiModel):
    """A page of candidates. Unless `after` is empty, there are more; a page may hold few or none."""

    candidates: list[CandidateSummary]
    after: str


class CandidateOut(ApiModel):
    """One candidate, with the upload form of a new photo and the accommodation's audit chain."""

    candidate: CandidateSummary
    phone: str
    version: int
    photo_url: str | None
    photo: UploadOut
    audit: list[AuditOut]


class AccommodationIn(ApiModel):
    """A candidate's new accommodation, and the reason."""

    version: Version
    accommodation: AccommodationIO
    reason: ReasonText
