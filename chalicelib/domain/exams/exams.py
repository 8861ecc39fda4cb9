"""Exams, their subjects and sitting windows, rooms, candidates and staff."""

from dataclasses import dataclass, field, replace

from chalicelib.domain.audit import ChainHead
from chalicelib.domain.errors import DomainError
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.domain.passcodes import PasscodeMode
from chalicelib.domain.recording.recording_rule import RecordingRule
from chalicelib.domain.rules.device_changes import DeviceChangeRule
from chalicelib.domain.rules.device_checks import CheckRules
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.outages import OutageRule
from chalicelib.domain.rules.page_exits import PageLockRule
from chalicelib.domain.rules.retention import RetentionRule
from chalicelib.domain.rules.rule_overrides import RuleOverride
from chalicelib.domain.rules.safe_exam_browser import SebRule
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
from chalicelib.domain.types import MINUTE, LocalizedText, Millis, Requirement, Role, SittingKind


@dataclass(frozen=True, slots=True)
class Window:
    """When a sitting is open: sign-in from `opens_at`, answering from `starts_at` to `ends_at`."""

    opens_at: Millis
    starts_at: Millis
    ends_at: Millis
    passcode_hash: str
    """Of the shared passcode, or of the secret from which personal ones are derived."""
    passcode_mode: PasscodeMode = PasscodeMode.SHARED


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of an exam (科目): its windows, and the rules that apply to it."""

    subject_id: str
    exam_id: str
    title: LocalizedText
    duration: Millis
    windows: dict[SittingKind, Window]
    questions: dict[SittingKind, int]
    """The number of questions in each paper."""
    second_view: Requirement = Requirement.REQUIRED
    sign_in_numbers: SignInNumbers = SignInNumbers.EITHER
    profile: str = "standard"
    earliest_submit: Millis = 0
    """How long after starting a candidate may submit at the earliest."""
    rule_overrides: dict[FindingKind, RuleOverride] = field(default_factory=dict)
    """An admin's changes to the named rules profile."""
    lock: PageLockRule = field(default_factory=PageLockRule)
    safe_browser: SebRule = field(default_factory=SebRule)
    checks: CheckRules = field(default_factory=CheckRules)
    outages: OutageRule = field(default_factory=OutageRule)
    device_change: DeviceChangeRule = DeviceChangeRule.PHOTO_CHECK
    recording: RecordingRule = field(default_factory=RecordingRule)
    """What sessions that open from now on record; nothing of a candidate who does not consent."""


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam on a date (考试批次), with its subjects.

    `version` increases by one with every change; `head` is the end of the exam's audit chain.
    """

    exam_id: str
    title: LocalizedText
    pledge: LocalizedText
    support: LocalizedText
    subjects: tuple[Subject, ...] = ()
    time_zone: str = ""
    """In which its times were announced, by its IANA name; empty where it is the deployment's."""
    retention: RetentionRule = field(default_factory=RetentionRule)
    """For how long sessions that open from now on keep what they record."""
    version: int = 1
    head: ChainHead = field(default_factory=ChainHead)

    def subject(self, subject_id: str) -> Subject | None:
        """Return the subject with this id, or None."""
        return next(
            (subject for subject in self.subjects if subject.subject_id == subject_id), None
        )


@dataclass(frozen=True, slots=True)
class Room:
    """A group of candidates that one or more proctors monitor (考场)."""

    room_id: str
    exam_id: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered candidate, with a room for each subject.

    `version` increases by one with every change; `head` is the end of the candidate's audit chain.
    """

    candidate_id: str
    exam_id: str
    name: str
    id_number: str
    admission_number: str
    phone_number: str
    registration_unit: str = ""
    rooms: dict[str, str] = field(default_factory=dict)
    """Room ids by subject id."""
    photo_key: str | None = None
    accommodation: Accommodation = field(default_factory=Accommodation)
    passcode_generations: dict[str, int] = field(default_factory=dict)
    """How often the own passcode of a sitting was made, by `sitting_key`; 1 where it is missing."""
    version: int = 1
    head: ChainHead = field(default_factory=ChainHead)

    def passcode_generation(self, subject_id: str, kind: SittingKind) -> int:
        """Return which passcode of a sitting is the own one now."""
        return self.passcode_generations.get(sitting_key(subject_id, kind), 1)


@dataclass(frozen=True, slots=True)
class Staff:
    """A staff account. Proctors see their rooms, admins every room.

    `version` increases by one with every change; `head` is the end of the account's audit chain.
    """

    username: str
    display_name: str
    role: Role
    password_hash: str
    rooms: tuple[str, ...] = ()
    totp_secret: str = ""
    """The secret of the authenticator app; empty if the password alone suffices."""
    disabled: bool = False
    """Whether the account is closed: nobody signs in with it, and its tokens are not valid."""
    generation: int = 1
    """Which tokens are valid: those of this generation. A new one ends every open session."""
    version: int = 1
    head: ChainHead = field(default_factory=ChainHead)

    def may_see(self, room_id: str) -> bool:
        """Return whether this person may see a room."""
        return self.role is Role.ADMIN or (self.role is Role.PROCTOR and room_id in self.rooms)


def sitting_key(subject_id: str, kind: SittingKind) -> str:
    """Return the name of a subject's sitting among a candidate's."""
    return f"{subject_id}/{kind}"


def with_new_passcode(candidate: Candidate, subject_id: str, kind: SittingKind) -> Candidate:
    """Return a candidate whose own passcode of a sitting is another one; the old one ends."""
    generation = candidate.passcode_generation(subject_id, kind) + 1
    made = {**candidate.passcode_generations, sitting_key(subject_id, kind): generation}
    return replace(candidate, passcode_generations=made)


class SittingClosed(DomainError):
    """The sitting's window is not open."""

    status = 403
    code = "closed"
    text = LocalizedText("当前不在考试开放时间内。", "The exam is not open at this time.")


def mask_number(number: str) -> str:
    """Return a number masked with asterisks, except its first three and last four characters."""
    if len(number) <= 7:
        return number[:1] + "*" * max(len(number) - 2, 0) + number[-1:]
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def require_open(window: Window, now: Millis, extra: Millis = 0) -> None:
    """Raise SittingClosed, with the reason, unless sign-in is open at `now`.

    `extra`, the extra time of an accommodation, moves the window's end.
    """
    if now < window.opens_at:
        minutes = -(-(window.opens_at - now) // MINUTE)
        raise SittingClosed(
            LocalizedText(
                f"考试尚未开放登录，请在 {minutes} 分钟后再试。",
                f"Sign-in is not open yet. Try again in {minutes} minutes.",
            ),
            "not_open_yet",
        )
    if now >= window.ends_at + extra:
        raise SittingClosed(LocalizedText("本场考试已经结束。", "This sitting has ended."), "over")
