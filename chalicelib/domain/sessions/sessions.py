"""A session: one candidate sitting one subject, and the pure transitions that change it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.domain.audit import AuditEntry, ChainHead, append
from chalicelib.domain.capture.proctor_requests import ProctorRequest, RequestKind, is_pending
from chalicelib.domain.errors import NotSignedIn, WrongState
from chalicelib.domain.recording.recording_rule import RecordingRule
from chalicelib.domain.rules.device_changes import Origin
from chalicelib.domain.rules.device_checks import CheckSummary
from chalicelib.domain.rules.findings import (
    EVERY_KIND,
    PAUSED_KINDS,
    SOUND_REQUIRING_KINDS,
    FindingKind,
)
from chalicelib.domain.rules.outages import Outage, OutageRule
from chalicelib.domain.rules.page_exits import ExitCount
from chalicelib.domain.rules.retention import RetentionRule
from chalicelib.domain.rules.rule_overrides import RuleOverride
from chalicelib.domain.sessions.attempts import Reopening, ReopenRequest
from chalicelib.domain.sessions.states import (
    ACTIONS_AT_PLACE,
    FINAL_STATES,
    MONITORED_STATES,
    Action,
    State,
    next_state,
)
from chalicelib.domain.types import LocalizedText, Millis, SittingKind, View

type Detail = str | int | float | bool | None
type Details = Mapping[str, Detail]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A candidate's receipt for the submitted answers."""

    number: str
    at: Millis
    answers_hash: str
    answered: int
    questions: int


@dataclass(frozen=True, slots=True)
class Extension:
    """More time by a proctor's decision: when, how much and why."""

    at: Millis
    span: Millis
    reason: str


@dataclass(frozen=True, slots=True)
class Session:
    """One candidate sitting one subject, as practice session or official exam.

    `version` increases by one with every change; a write succeeds only over the version before.
    """

    session_id: str
    exam_id: str
    subject_id: str
    candidate_id: str
    candidate_name: str
    admission_number: str
    room_id: str
    kind: SittingKind
    state: State
    version: int
    created_at: Millis
    starts_at: Millis
    questions: int
    profile: str = "standard"
    rule_overrides: dict[FindingKind, RuleOverride] = field(default_factory=dict)
    excused: tuple[FindingKind, ...] = ()
    extra: Millis = 0
    """The extra time of an accommodation."""
    microphone_required: bool = True
    """Whether the subject requires a working microphone; otherwise no missing sound is flagged."""
    has_photo: bool = False
    started_at: Millis | None = None
    ends_at: Millis | None = None
    paused_at: Millis | None = None
    credit: Millis = 0
    """All time credited: pauses, outages and extensions."""
    outages: OutageRule = field(default_factory=OutageRule)
    outage: Outage | None = None
    """The last outage, with its credit (may be 0)."""
    outage_credit: Millis = 0
    latest_end: Millis | None = None
    """The window's end: outage credit does not extend beyond it plus the extra time."""
    resume_state: State | None = None
    """While reverifying, the state it came from and goes back to."""
    browser_id: str = ""
    origins: tuple[Origin, ...] = ()
    """Where the current device was seen: at its sign-in first. Bounded; see `device_changes`."""
    generation: int = 1
    """Increases with each device that signs in; only the latest device's token is valid."""
    second_view_joined_at: Millis | None = None
    phone_origins: tuple[Origin, ...] = ()
    """Where the current phone was seen: where it joined first. Bounded as `origins` is."""
    phone_generation: int = 1
    """Increases with each phone that joins as second view; only the latest phone's token is valid."""
    check_summary: CheckSummary | None = None
    receipt: Receipt | None = None
    reason: str | None = None
    exits: ExitCount = field(default_factory=ExitCount)
    extension: Extension | None = None
    """The last extension by a proctor."""
    request: ProctorRequest | None = None
    """The last proctor request."""
    head: ChainHead = field(default_factory=ChainHead)
    sitting_id: str = ""
    """The id of the sitting's first attempt; empty where this is it."""
    attempt: int = 1
    ended_by: str | None = None
    """Who ended it, as the audit names them: `system` is a rule or the clock."""
    superseded_by: str | None = None
    """The session of the next attempt, beside this sealed one."""
    reopen_request: ReopenRequest | None = None
    retention: RetentionRule = field(default_factory=RetentionRule)
    """For how long what it records is kept: the exam's rule when it was opened."""
    recording: RecordingRule = field(default_factory=RecordingRule)
    """What it may record: the subject's rule when it was opened, less what an accommodation excepts."""
    recording_consent: bool | None = None
    """Whether the candidate consented to being recorded; None until that is answered."""
    reopened: Reopening | None = None
    """Of an attempt that was allowed beside a sealed official one: by whom, and its time."""

    @property
    def excused_kinds(self) -> frozenset[FindingKind]:
        """What raises no flag here: the excused kinds, and missing sound where none is required.

        A candidate who may speak, or whose subject requires no microphone, is not asked for sound.
        """
        no_sound = FindingKind.VOICE in self.excused or not self.microphone_required
        return frozenset(self.excused) | (SOUND_REQUIRING_KINDS if no_sound else frozenset())

    @property
    def openable_kinds(self) -> frozenset[FindingKind]:
        """What may open a flag now: everything while answering, some things during a pause."""
        if self.place is State.ANSWERING:
            return EVERY_KIND
        return PAUSED_KINDS if self.place is State.PAUSED else frozenset()

    @property
    def wake_at(self) -> Millis | None:
        """When the scheduler must process the session: at its end, while its clock runs."""
        return self.ends_at if self.place is State.ANSWERING else None

    @property
    def place(self) -> State:
        """Where it stands, or stands again once its person is verified on another device."""
        return self.resume_state or self.state

    @property
    def sitting(self) -> str:
        """The id of its sitting, that of the first attempt's session."""
        return self.sitting_id or self.session_id


class OtherDevice(NotSignedIn):
    """Another device signed in to the session; this one's token is no longer valid."""

    code = "other_device"
    text = LocalizedText(
        "您已在另一台设备上登录，本设备已退出。如要回到本设备，请重新登录。",
        "You signed in on another device, so this one was signed out. "
        "Sign in again to continue here.",
    )


class LeftByDeclining(NotSignedIn):
    """The pledge was declined, which signs out; whoever signs in again answers it anew."""

    code = "declined"
    text = LocalizedText(
        "未同意承诺书，已退出登录。考试开放期间可重新登录，同意后继续。",
        "The pledge was declined, so this session was signed out. "
        "While the exam is open, sign in again and agree to continue.",
    )


class OtherPhone(NotSignedIn):
    """Another phone joined as second view; this one's token is no longer valid."""

    code = "other_phone"
    text = LocalizedText(
        "另一部手机或另一个页面已加入第二视角，本页已退出。如要改用本页，请在电脑上刷新二维码后重新扫描。",
        "Another phone or page joined as the second view, so this one was signed out. "
        "To use this one, refresh the code on the computer and scan it again.",
    )


@dataclass(frozen=True, slots=True)
class Transition:
    """A changed session, with the audit entry of the change."""

    session: Session
    entry: AuditEntry


def make_session_id(candidate_id: str, subject_id: str, kind: SittingKind) -> str:
    """Return the deterministic id of this candidate's sitting.

    Signing in twice, in two tabs or on two devices, therefore finds the same session.
    """
    text = f"{candidate_id}/{subject_id}/{kind}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def with_audit(
    session: Session, now: Millis, actor: str, action: str, **detail: Detail
) -> Transition:
    """Return the session in its next version, with an audit entry; otherwise unchanged."""
    entry, head = append(session.head, session.session_id, now, actor, action, **detail)
    return Transition(replace(session, version=session.version + 1, head=head), entry)


def audit_all(
    session: Session, now: Millis, actor: str, entries: Iterable[tuple[str, Details]]
) -> tuple[Session, tuple[AuditEntry, ...]]:
    """Return the session in its next version with an audit entry for each action and its details.

    All are one write of the session: its version grows by one, its chain by many.
    """
    head, added = session.head, []
    for action, detail in entries:
        entry, head = append(head, session.session_id, now, actor, action, **detail)
        added.append(entry)
    return replace(session, version=session.version + 1, head=head), tuple(added)


def advance(
    session: Session, action: Action, now: Millis, actor: str, **detail: Detail
) -> Transition:
    """Apply an action to the state and audit it. Raises WrongState.

    Only `sealing` may end a session: ValueError is raised for an end without a receipt.
    """
    session = _moved(session, action)
    if session.state in FINAL_STATES and session.receipt is None:
        raise ValueError(f"{action} ends a session without a seal")
    return with_audit(session, now, actor, action, **detail)


def _moved(session: Session, action: Action) -> Session:
    if session.state is not State.REVERIFYING:
        return replace(session, state=next_state(session.state, action))
    if action is Action.VERIFY_IDENTITY:
        return replace(session, state=session.place, resume_state=None)
    if action not in ACTIONS_AT_PLACE:
        next_state(session.state, action)  # raises
    place = next_state(session.place, action)
    if place in FINAL_STATES:
        return replace(session, state=place, resume_state=None)
    return replace(session, resume_state=place)


def request_from_candidate(
    session: Session, kind: RequestKind, now: Millis, actor: str
) -> Transition:
    """Request that the candidate shows the face or the room. Raises WrongState.

    Only one request can be pending; a new one replaces one that was started or has expired.
    """
    if session.state not in MONITORED_STATES:
        raise WrongState
    if is_pending(session.request, now):
        raise WrongState(
            LocalizedText(
                "已有一项要求等待考生完成。", "Another request is still pending for this candidate."
            ),
            "asked",
        )
    return with_audit(
        replace(session, request=ProctorRequest(kind, actor, now)), now, actor, "asked", asked=kind
    )


def start_request(session: Session, now: Millis) -> Transition:
    """Record that the candidate starts to carry out the request. Raises WrongState."""
    if (
        session.request is None
        or not is_pending(session.request, now)
        or session.state not in MONITORED_STATES
    ):
        raise WrongState
    request = replace(session.request, started_at=now)
    session = replace(session, request=request)
    return with_audit(session, now, "candidate", "ask_begun", asked=request.kind)


def decline(session: Session, now: Millis) -> Transition:
    """Record that the candidate declines the pledge and leaves: the token ends. Raises WrongState."""
    session = replace(session, generation=session.generation + 1)
    return advance(session, Action.DECLINE, now, "candidate")


def require_current_device(session: Session, generation: int) -> None:
    """Raise OtherDevice, or LeftByDeclining, unless a token's generation is the session's."""
    if generation != session.generation:
        raise LeftByDeclining if session.state is State.DECLINED else OtherDevice


def require_current_phone(session: Session, generation: int) -> None:
    """Raise OtherPhone unless a token's generation is that of the session's phone."""
    if generation != session.phone_generation:
        raise OtherPhone


def join_second_view(session: Session, origin: Origin, now: Millis) -> Transition:
    """Record that a phone joined as second view; it replaces a phone that joined before."""
    replaces = session.second_view_joined_at is not None
    session = replace(
        session,
        second_view_joined_at=now,
        phone_generation=session.phone_generation + replaces,
        phone_origins=(origin,),
    )
    detail = {"address": origin.address, "browser": origin.user_agent}
    return with_audit(session, now, "phone", "second_view_joined", **detail)


def origins_of(session: Session, view: View) -> tuple[Origin, ...]:
    """Return where the device of a view was seen."""
    return session.origins if view is View.FIRST else session.phone_origins
