"""Requests and responses of an exam's settings: texts, times, rules, rooms."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.passcodes import PasscodeMode
from chalicelib.domain.rules.device_changes import DeviceChangeRule
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.page_exits import ExitConsequence
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
from chalicelib.domain.types import Requirement, SittingKind
from chalicelib.schemas.common import ApiModel, RetentionIO, TextOut, WindowOut
from chalicelib.schemas.recordings import RecordingCostOut, RecordingRuleIO

type Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
type LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8_000)
]
type Moment = Annotated[int, Field(ge=0, le=4_102_444_800_000)]
type Duration = Annotated[int, Field(ge=0, le=86_400_000)]
type Version = Annotated[int, Field(ge=1)]
type TimeZone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]
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


class RecordingIn(ApiModel):
    """What a subject records. It holds for sessions that open from now on."""

    version: Version
    recording: RecordingRuleIO


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
    recording: RecordingRuleIO
    recording_costs: list[RecordingCostOut]
    """What the recordings of this subject cost, item by item; empty where nothing is recorded."""


class RoomChoice(ApiModel):
    """A room that candidates can be assigned to."""

    room_id: str
    name: TextOut


class RetentionIn(ApiModel):
    """An exam's retention. It holds for sessions that open from now on."""

    version: Version
    retention: RetentionIO


class ExamSetup(ApiModel):
    """An exam as an admin sees it; a change names the `version` that it is based on."""

    exam_id: str
    version: int
    title: TextOut
    pledge: TextOut
    support: TextOut
    subjects: list[SubjectSetup]
    time_zone: str
    retention: RetentionIO
    retention_limit: RetentionIO
    """The most that this stage keeps."""
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
