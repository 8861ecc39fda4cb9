"""A session: one candidate sitting one subject, and the pure steps that change it."""

import hashlib
from dataclasses import dataclass, field, replace

from chalicelib.domain.audit import AuditEntry, ChainHead, append
from chalicelib.domain.capture.proctor_requests import ProctorRequest, RequestKind, is_pending
from chalicelib.domain.errors import NotSignedIn, WrongState
from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.exams.papers import AnswerDigest
from chalicelib.domain.rules.device_checks import CheckSummary
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.outages import Outage, OutageRule
from chalicelib.domain.rules.page_exits import ExitCount
from chalicelib.domain.rules.rule_overrides import RuleOverride
from chalicelib.domain.sessions.states import MONITORED_STATES, Action, State, next_state
from chalicelib.domain.types import LocalizedText, Millis, SittingKind

type Detail = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a candidate gets for handing in."""

    number: str
    at: Millis
    answers_hash: str
    answered: int
    questions: int


@dataclass(frozen=True, slots=True)
class Extension:
    """More time by a proctor's decision: when, how much, and why."""

    at: Millis
    span: Millis
    reason: str


@dataclass(frozen=True, slots=True)
class Session:
    """One candidate sitting one subject, trial or official.

    `version` grows by one with every change; a write holds only over the version before.
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
    """What an accommodation adds to the duration."""
    has_photo: bool = False
    started_at: Millis | None = None
    ends_at: Millis | None = None
    paused_at: Millis | None = None
    credit: Millis = 0
    """All time given back: pauses and outages."""
    outages: OutageRule = field(default_factory=OutageRule)
    outage: Outage | None = None
    """The last silence for which time was given back, or would have been."""
    outage_credit: Millis = 0
    latest_end: Millis | None = None
    """The window's end: what is given back for outages ends there, or after one's extra time."""
    browser_id: str = ""
    generation: int = 1
    """How many devices have signed in to it, one after another; only the last one's token holds."""
    second_view_joined_at: Millis | None = None
    phone_generation: int = 1
    """Which phone is the second view, of those that joined one after another; only its token holds."""
    check_summary: CheckSummary | None = None
    receipt: Receipt | None = None
    reason: str | None = None
    exits: ExitCount = field(default_factory=ExitCount)
    extension: Extension | None = None
    """The last time that a person gave, beside accommodations."""
    request: ProctorRequest | None = None
    """What a proctor asked for last."""
    head: ChainHead = field(default_factory=ChainHead)

    @property
    def wake_at(self) -> Millis | None:
        """When the clock should look at it: at its end, while it is answering."""
        return self.ends_at if self.state is State.ANSWERING else None


class OtherDevice(NotSignedIn):
    """Another device signed in to the session, and this one's token holds no longer."""

    code = "other_device"
    text = LocalizedText(
        "您已在另一台设备上登录，本设备已退出。如要回到本设备，请重新登录。",
        "You signed in on another device, so this one was signed out. Sign in to come back to it.",
    )


class OtherPhone(NotSignedIn):
    """Another phone joined as second view, and this one's token holds no longer."""

    code = "other_phone"
    text = LocalizedText(
        "另一部手机或另一个页面已加入第二视角，本页已退出。如要改用本页，请在电脑上刷新二维码后重新扫描。",
        "Another phone or page joined as second view, so this one was signed out. "
        "To use this one, renew the code on the computer and scan again.",
    )


@dataclass(frozen=True, slots=True)
class Transition:
    """A session after something happened, with the audit entry that tells it."""

    session: Session
    entry: AuditEntry


def make_session_id(candidate_id: str, subject_id: str, kind: SittingKind) -> str:
    """Return the one id that this sitting of this candidate can have.

    Signing in twice, in two tabs or on two devices, thereby finds the same session.
    """
    text = f"{candidate_id}/{subject_id}/{kind}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def with_audit(
    session: Session, now: Millis, actor: str, action: str, **detail: Detail
) -> Transition:
    """Return the session with one more audit entry and version, otherwise unchanged."""
    entry, head = append(session.head, session.session_id, now, actor, action, **detail)
    return Transition(replace(session, version=session.version + 1, head=head), entry)


def advance(
    session: Session, step: Action, now: Millis, actor: str, **detail: Detail
) -> Transition:
    """Take a step that changes nothing but the state. Raises WrongState."""
    moved = replace(session, state=next_state(session.state, step))
    return with_audit(moved, now, actor, step, **detail)


def request_from_candidate(
    session: Session, kind: RequestKind, now: Millis, actor: str
) -> Transition:
    """Ask the candidate to show the face or the room. Raises WrongState.

    One thing is asked for at a time; the newest ask takes the place of one that was begun or over.
    """
    if session.state not in MONITORED_STATES:
        raise WrongState
    if is_pending(session.request, now):
        raise WrongState(
            LocalizedText("已有一项要求等待考生完成。", "Something else is already asked for."),
            "asked",
        )
    return with_audit(
        replace(session, request=ProctorRequest(kind, actor, now)), now, actor, "asked", asked=kind
    )


def start_request(session: Session, now: Millis) -> Transition:
    """The candidate begins to do what was asked for. Raises WrongState."""
    if (
        session.request is None
        or not is_pending(session.request, now)
        or session.state not in MONITORED_STATES
    ):
        raise WrongState
    begun = replace(session, request=replace(session.request, started_at=now))
    return with_audit(begun, now, "candidate", "ask_begun", asked=session.request.kind)


def switch_device(session: Session, device: str, now: Millis) -> Transition:
    """Let another device go on with a session; the tokens of the one before hold no longer."""
    taken = replace(session, browser_id=device, generation=session.generation + 1)
    return with_audit(taken, now, "candidate", "device_changed", devices=taken.generation)


def require_current_device(session: Session, generation: int) -> None:
    """Raise OtherDevice unless a token's generation is the session's."""
    if generation != session.generation:
        raise OtherDevice


def require_current_phone(session: Session, generation: int) -> None:
    """Raise OtherPhone unless a token's generation is that of the session's phone."""
    if generation != session.phone_generation:
        raise OtherPhone


def terminate(session: Session, now: Millis, actor: str, reason: str) -> Transition:
    """End a session by a person's decision, with a reason. Raises WrongState."""
    return advance(replace(session, reason=reason), Action.TERMINATE, now, actor, reason=reason)


def submit(session: Session, subject: Subject, now: Millis, digest: AnswerDigest) -> Transition:
    """Hand in. Raises WrongState, also where it is too early to."""
    if session.started_at is not None and now < session.started_at + subject.earliest_submit:
        raise WrongState(
            LocalizedText("未到允许交卷的时间。", "It is too early to hand in."), "too_early"
        )
    handed_in = _with_receipt(session, now, digest)
    return advance(
        handed_in,
        Action.SUBMIT,
        now,
        "candidate",
        answers_hash=digest.hash,
        answered=digest.answered,
    )


def time_out(session: Session, now: Millis, digest: AnswerDigest) -> Transition:
    """End by time: what was saved counts, and is receipted at the time's end. Raises WrongState."""
    ended = _with_receipt(session, session.ends_at or now, digest)
    return advance(
        ended, Action.TIME_OUT, now, "system", answers_hash=digest.hash, answered=digest.answered
    )


def _with_receipt(session: Session, at: Millis, digest: AnswerDigest) -> Session:
    receipt = Receipt(_receipt_number(session), at, digest.hash, digest.answered, session.questions)
    return replace(session, receipt=receipt)


def _receipt_number(session: Session) -> str:
    digest = hashlib.sha256(f"receipt/{session.session_id}".encode()).hexdigest()[:12].upper()
    return f"{digest[:4]}-{digest[4:8]}-{digest[8:]}"


def join_second_view(session: Session, now: Millis) -> Transition:
    """Note that a phone has joined as second view, in the place of one that had before."""
    before = session.second_view_joined_at is not None
    generation = session.phone_generation + before
    joined = replace(session, second_view_joined_at=now, phone_generation=generation)
    return with_audit(joined, now, "phone", "second_view_joined")
