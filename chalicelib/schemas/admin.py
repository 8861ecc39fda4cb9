"""Requests and answers of administrators: exams, rules, passcodes, candidates."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.exams.accommodations import MAX_EXTRA_MINUTES, MAX_EXTRA_PERCENT
from chalicelib.domain.messaging.passcode_sms import DeliveryFailure, DeliveryStatus
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.page_exits import ExitConsequence
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.types import Requirement, SittingKind
from chalicelib.schemas.common import ApiModel, Id, TextOut, UploadOut, WindowOut
from chalicelib.schemas.staff import AuditOut, ReasonText

type Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
type LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8_000)
]
type Moment = Annotated[int, Field(ge=0, le=4_102_444_800_000)]
type Duration = Annotated[int, Field(ge=0, le=86_400_000)]
type Version = Annotated[int, Field(ge=1)]
type Language = Literal["zh", "en"]


class TitleIn(ApiModel):
    """A title in both languages."""

    zh: Title
    en: Title


class TextIn(ApiModel):
    """A text in both languages."""

    zh: LongText
    en: LongText


class RuleIO(ApiModel):
    """How one kind becomes a flag; see the rules' own bounds in `Rules`."""

    kind: FindingKind
    on: bool
    hits: int
    window: int
    clear: int
    severity: Annotated[int, Field(ge=1, le=3)]
    grows_after: Duration


class ProfileOut(ApiModel):
    """One of the named profiles, whole."""

    name: str
    rules: list[RuleIO]


class Bounds(ApiModel):
    """Within what a rule may be adjusted; `hits` is at most `window`."""

    most_observations: int
    shortest_growth: int
    longest_growth: int


class ProfilesOut(ApiModel):
    """The named profiles as starting points, from lenient to strict."""

    kinds: list[FindingKind]
    """Every kind that somebody may be excused from; profiles do not rule all of them."""
    profiles: list[ProfileOut]
    bounds: Bounds


class RulesIn(ApiModel):
    """A subject's profile and how every kind is wanted; the server keeps the differences."""

    version: Version
    profile: Annotated[str, StringConstraints(max_length=40)]
    rules: list[RuleIO] = Field(max_length=60)


class PageLockIO(ApiModel):
    """How the screen is held."""

    on: bool
    allowed: int
    then: ExitConsequence
    forgiven: Duration


class SebRuleIO(ApiModel):
    """What is asked of Safe Exam Browser."""

    use: SebUse
    exam_keys: list[Annotated[str, StringConstraints(max_length=64)]] = Field(max_length=20)
    quit_hash: Annotated[str, StringConstraints(max_length=64)] = ""


class PageLockRulesIn(ApiModel):
    """The lock and the browser of a subject."""

    version: Version
    lock: PageLockIO
    safe_browser: SebRuleIO


class SubjectSetup(ApiModel):
    """A subject as an admin sees it. `adjusted` are the kinds that differ from the profile."""

    subject_id: str
    title: TextOut
    duration: int
    earliest_submit: int
    second_view: Requirement
    trial: WindowOut
    official: WindowOut
    questions: dict[SittingKind, int]
    profile: str
    adjusted: list[FindingKind]
    rules: list[RuleIO]
    lock: PageLockIO
    safe_browser: SebRuleIO


class RoomChoice(ApiModel):
    """A room that candidates can be put into."""

    room_id: str
    name: TextOut


class ExamSetup(ApiModel):
    """An exam as an admin sees it; changes are made over `version`."""

    exam_id: str
    version: int
    title: TextOut
    pledge: TextOut
    support: TextOut
    subjects: list[SubjectSetup]
    now: int


class ExamSummary(ApiModel):
    """An exam in the list."""

    exam_id: str
    title: TextOut
    subjects: int
    starts_at: int | None
    ends_at: int | None


class ExamsOut(ApiModel):
    """Every exam."""

    exams: list[ExamSummary]
    now: int


class RoomChoicesOut(ApiModel):
    """The rooms of an exam."""

    rooms: list[RoomChoice]


class TextsIn(ApiModel):
    """An exam's title, pledge and hours of support."""

    version: Version
    title: TitleIn
    pledge: TextIn
    support: TextIn


class TimesIn(ApiModel):
    """When a sitting opens for signing in, starts and ends."""

    opens_at: Moment
    starts_at: Moment
    ends_at: Moment


class SubjectIn(ApiModel):
    """A subject's title and times; passcodes, rules and lock have requests of their own."""

    version: Version
    title: TitleIn
    duration: Duration
    earliest_submit: Duration
    second_view: Requirement
    trial: TimesIn
    official: TimesIn


class PasscodeIn(ApiModel):
    """Asks for a new passcode; the old one is worth nothing from then on."""

    version: Version
    kind: SittingKind


class PasscodeOut(ApiModel):
    """The new passcode, shown this once."""

    passcode: str
    exam: ExamSetup


class SmsBatchIn(ApiModel):
    """Asks to send a sitting's passcode to everybody who has not got it.

    `again` also sends to those for whom it failed.
    """

    kind: SittingKind
    language: Language = "zh"
    again: bool = False


class DeliveryFailureOut(ApiModel):
    """Somebody who did not get the message, and why."""

    candidate_id: str
    name: str
    admission_number: str
    reason: DeliveryFailure


class SmsBatchOut(ApiModel):
    """How far sending the present passcode is; `started_at` is null where it was never sent.

    `queued` says that everybody of the subject is written down: the counts are of all.
    """

    started_at: int | None
    started_by: str | None
    queued: bool
    counts: dict[DeliveryStatus, int]
    failures: list[DeliveryFailureOut]
    now: int


class CandidateSearchIn(ApiModel):
    """What is looked for; in a body, so that names and numbers stand in no address."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    subject_id: Id | None = None
    after: Annotated[str, StringConstraints(max_length=60)] = ""


class AccommodationIO(ApiModel):
    """What one candidate is allowed."""

    excused: list[FindingKind] = Field(max_length=60)
    extra_percent: Annotated[int, Field(ge=0, le=MAX_EXTRA_PERCENT)] = 0
    extra_minutes: Annotated[int, Field(ge=0, le=MAX_EXTRA_MINUTES)] = 0


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
    """Some candidates. Ask again with `after`, unless it is empty; a page may be short of them."""

    candidates: list[CandidateSummary]
    after: str


class CandidateOut(ApiModel):
    """One candidate, with where a new photo may be uploaded and what was allowed when by whom."""

    candidate: CandidateSummary
    phone: str
    version: int
    photo_url: str | None
    photo: UploadOut
    audit: list[AuditOut]


class AccommodationIn(ApiModel):
    """What a candidate is allowed from now on, and why."""

    version: Version
    accommodation: AccommodationIO
    reason: ReasonText
