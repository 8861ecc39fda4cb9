"""Requests and answers of administrators: exams, rules, passcodes, candidates."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.exams.accommodations import MOST_MINUTES, MOST_PERCENT
from chalicelib.domain.messaging.passcode_sms import Delivery, Undelivered
from chalicelib.domain.rules.findings import Kind
from chalicelib.domain.rules.page_exits import Then
from chalicelib.domain.rules.safe_exam_browser import SafeBrowser
from chalicelib.domain.types import Presence, SittingKind
from chalicelib.schemas.common import Id, Shape, TextOut, Upload, WindowOut
from chalicelib.schemas.staff import AuditOut, Reasoning

type Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
type LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8_000)
]
type Moment = Annotated[int, Field(ge=0, le=4_102_444_800_000)]
type Span = Annotated[int, Field(ge=0, le=86_400_000)]
type Version = Annotated[int, Field(ge=1)]
type Language = Literal["zh", "en"]


class TitleIn(Shape):
    """A title in both languages."""

    zh: Title
    en: Title


class TextIn(Shape):
    """A text in both languages."""

    zh: LongText
    en: LongText


class RuleShape(Shape):
    """How one kind becomes a flag; see the rules' own bounds in `Rules`."""

    kind: Kind
    on: bool
    hits: int
    window: int
    clear: int
    severity: Annotated[int, Field(ge=1, le=3)]
    grows_after: Span


class ProfileOut(Shape):
    """One of the named profiles, whole."""

    name: str
    rules: list[RuleShape]


class Bounds(Shape):
    """Within what a rule may be adjusted; `hits` is at most `window`."""

    most_observations: int
    shortest_growth: int
    longest_growth: int


class ProfilesOut(Shape):
    """The named profiles as starting points, from lenient to strict."""

    kinds: list[Kind]
    """Every kind that somebody may be excused from; profiles do not rule all of them."""
    profiles: list[ProfileOut]
    bounds: Bounds


class RulesIn(Shape):
    """A subject's profile and how every kind is wanted; the server keeps the differences."""

    version: Version
    profile: Annotated[str, StringConstraints(max_length=40)]
    rules: list[RuleShape] = Field(max_length=60)


class LockShape(Shape):
    """How the screen is held."""

    on: bool
    allowed: int
    then: Then
    forgiven: Span


class SafeBrowserShape(Shape):
    """What is asked of Safe Exam Browser."""

    use: SafeBrowser
    exam_keys: list[Annotated[str, StringConstraints(max_length=64)]] = Field(max_length=20)
    quit_hash: Annotated[str, StringConstraints(max_length=64)] = ""


class LockRulesIn(Shape):
    """The lock and the browser of a subject."""

    version: Version
    lock: LockShape
    safe_browser: SafeBrowserShape


class SubjectSetup(Shape):
    """A subject as an admin sees it. `adjusted` are the kinds that differ from the profile."""

    subject_id: str
    title: TextOut
    duration: int
    earliest_submit: int
    second_view: Presence
    trial: WindowOut
    official: WindowOut
    questions: dict[SittingKind, int]
    profile: str
    adjusted: list[Kind]
    rules: list[RuleShape]
    lock: LockShape
    safe_browser: SafeBrowserShape


class RoomChoice(Shape):
    """A room that candidates can be put into."""

    room_id: str
    name: TextOut


class ExamSetup(Shape):
    """An exam as an admin sees it; changes are made over `version`."""

    exam_id: str
    version: int
    title: TextOut
    pledge: TextOut
    support: TextOut
    subjects: list[SubjectSetup]
    now: int


class ExamLine(Shape):
    """An exam in the list."""

    exam_id: str
    title: TextOut
    subjects: int
    starts_at: int | None
    ends_at: int | None


class ExamsOut(Shape):
    """Every exam."""

    exams: list[ExamLine]
    now: int


class RoomChoicesOut(Shape):
    """The rooms of an exam."""

    rooms: list[RoomChoice]


class TextsIn(Shape):
    """An exam's title, pledge and hours of support."""

    version: Version
    title: TitleIn
    pledge: TextIn
    support: TextIn


class TimesIn(Shape):
    """When a sitting opens for signing in, starts and ends."""

    opens_at: Moment
    starts_at: Moment
    ends_at: Moment


class SubjectIn(Shape):
    """A subject's title and times; passcodes, rules and lock have requests of their own."""

    version: Version
    title: TitleIn
    duration: Span
    earliest_submit: Span
    second_view: Presence
    trial: TimesIn
    official: TimesIn


class PasscodeIn(Shape):
    """Asks for a new passcode; the old one is worth nothing from then on."""

    version: Version
    kind: SittingKind


class PasscodeOut(Shape):
    """The new passcode, shown this once."""

    passcode: str
    exam: ExamSetup


class MailingIn(Shape):
    """Asks to send a sitting's passcode to everybody who has not got it.

    `again` also sends to those for whom it failed.
    """

    kind: SittingKind
    language: Language = "zh"
    again: bool = False


class FailureOut(Shape):
    """Somebody who did not get the message, and why."""

    candidate_id: str
    name: str
    admission_number: str
    reason: Undelivered


class MailingOut(Shape):
    """How far sending the present passcode is; `started_at` is null where it was never sent.

    `queued` says that everybody of the subject is written down: the counts are of all.
    """

    started_at: int | None
    started_by: str | None
    queued: bool
    counts: dict[Delivery, int]
    failures: list[FailureOut]
    now: int


class FindIn(Shape):
    """What is looked for; in a body, so that names and numbers stand in no address."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    subject_id: Id | None = None
    after: Annotated[str, StringConstraints(max_length=60)] = ""


class AccommodationShape(Shape):
    """What one candidate is allowed."""

    excused: list[Kind] = Field(max_length=60)
    extra_percent: Annotated[int, Field(ge=0, le=MOST_PERCENT)] = 0
    extra_minutes: Annotated[int, Field(ge=0, le=MOST_MINUTES)] = 0


class CandidateLine(Shape):
    """A candidate in the list. The ID number is masked."""

    candidate_id: str
    name: str
    id_number: str
    admission_number: str
    registration_unit: str
    rooms: dict[str, str]
    has_photo: bool
    accommodation: AccommodationShape


class CandidatesOut(Shape):
    """Some candidates. Ask again with `after`, unless it is empty; a page may be short of them."""

    candidates: list[CandidateLine]
    after: str


class CandidateOut(Shape):
    """One candidate, with where a new photo may be uploaded and what was allowed when by whom."""

    candidate: CandidateLine
    phone: str
    version: int
    photo_url: str | None
    photo: Upload
    audit: list[AuditOut]


class AccommodationIn(Shape):
    """What a candidate is allowed from now on, and why."""

    version: Version
    accommodation: AccommodationShape
    reason: Reasoning
