"""Requests and responses of administration: exams, rules, passcodes, candidates."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.exams.accommodations import MAX_EXTRA_MINUTES, MAX_EXTRA_PERCENT
from chalicelib.domain.messaging.passcode_sms import DeliveryFailure, DeliveryStatus
from chalicelib.domain.passcodes import PasscodeMode
from chalicelib.domain.rules.device_changes import DeviceChangeRule
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.page_exits import ExitConsequence
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
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
    """How findings of one kind become a flag; the rules' bounds are in `ProfilesOut`.

    Only `no_snapshot` uses `missing_after`: how long nothing usable may arrive before it opens."""

    kind: FindingKind
    on: bool
    hits: int
    window: int
    clear: int
    severity: Annotated[int, Field(ge=1, le=3)]
    grows_after: Duration
    missing_after: Duration


class ProfileOut(ApiModel):
    """One of the named rules profiles."""

    name: str
    rules: list[RuleIO]


class Bounds(ApiModel):
    """The bounds of a rule override; `hits` is at most `window`."""

    most_observations: int
    shortest_growth: int
    longest_growth: int
    shortest_missing: int
    longest_missing: int


class ProfilesOut(ApiModel):
    """The named profiles as starting points, from lenient to strict."""

    kinds: list[FindingKind]
    """Every flag type that an accommodation may switch off; profiles have no rule for some."""
    profiles: list[ProfileOut]
    bounds: Bounds


class RulesIn(ApiModel):
    """A subject's profile and the rule of every flag type; the server stores the differences."""

    version: Version
    profile: Annotated[str, StringConstraints(max_length=40)]
    rules: list[RuleIO] = Field(max_length=60)


class PageLockIO(ApiModel):
    """The page lock."""

    on: bool
    allowed: int
    then: ExitConsequence
    forgiven: Duration


class SebRuleIO(ApiModel):
    """Whether Safe Exam Browser is used, and how it is verified."""

    use: SebUse
    exam_keys: list[Annotated[str, StringConstraints(max_length=64)]] = Field(max_length=20)
    quit_hash: Annotated[str, StringConstraints(max_length=64)] = ""


class PageLockRulesIn(ApiModel):
    """A subject's page lock and its use of Safe Exam Browser."""

    version: Version
    lock: PageLockIO
    safe_browser: SebRuleIO


class OutageRuleIO(ApiModel):
    """How much outage time is credited; `max_percent` of the answering time at most."""

    min_outage: Duration
    max_credit: Duration
    max_percent: int
    beyond_window: bool


class ContinuityIn(ApiModel):
    """What a subject credits for outages, and asks of a device that takes a session over."""

    version: Version
    outages: OutageRuleIO
    device_change: DeviceChangeRule


class SubjectSetup(ApiModel):
    """A subject as an admin sees it. `adjusted` are the flag types that differ from the profile."""

    subject_id: str
    title: TextOut
    duration: int
    earliest_submit: int
    second_view: Requirement
    sign_in_numbers: SignInNumbers
    passcode_modes: dict[SittingKind, PasscodeMode]
    """Whether a sitting's candidates share one passcode, or each has their own."""
    trial: WindowOut
    official: WindowOut
    questions: dict[SittingKind, int]
    profile: str
    adjusted: list[FindingKind]
    rules: list[RuleIO]
    lock: PageLockIO
    safe_browser: SebRuleIO
    outages: OutageRuleIO
    device_change: DeviceChangeRule


class RoomChoice(ApiModel):
    """A room that candidates can be assigned to."""

    room_id: str
    name: TextOut


class ExamSetup(ApiModel):
    """An exam as an admin sees it; a change names the `version` that it is based on."""

    exam_id: str
    version: int
    title: TextOut
    pledge: TextOut
    support: TextOut
    subjects: list[SubjectSetup]
    time_zone: str
    now: int


class ExamSummary(ApiModel):
    """An exam in the list."""

    exam_id: str
    title: TextOut
    subjects: int
    starts_at: int | None
    ends_at: int | None


class ExamsOut(ApiModel):
    """All exams."""

    exams: list[ExamSummary]
    now: int


class RoomChoicesOut(ApiModel):
    """The rooms of an exam."""

    rooms: list[RoomChoice]


class TextsIn(ApiModel):
    """An exam's title, pledge and support hours."""

    version: Version
    title: TitleIn
    pledge: TextIn
    support: TextIn


type TimeZone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]


class TimesIn(ApiModel):
    """When sign-in to a sitting opens, when answering starts, and when all ends."""

    opens_at: Moment
    starts_at: Moment
    ends_at: Moment


class SubjectIn(ApiModel):
    """A subject's title and times; passcodes, rules and page lock have requests of their own."""

    version: Version
    title: TitleIn
    duration: Duration
    earliest_submit: Duration
    second_view: Requirement
    sign_in_numbers: SignInNumbers = SignInNumbers.EITHER
    trial: TimesIn
    official: TimesIn
    time_zone: TimeZone | None = None
    """In which the exam's times were announced, for all its subjects; null keeps it, an empty one
    is the deployment's."""


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


class CandidateSearchIn(ApiModel):
    """A search; in a body, so that no URL holds names or numbers."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    subject_id: Id | None = None
    after: Annotated[str, StringConstraints(max_length=60)] = ""


class AccommodationIO(ApiModel):
    """One candidate's accommodation: flag types switched off, and extra time."""

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
