"""Photo verification: a capture to upload, the machine's judgement, the proctor's decision."""

from dataclasses import dataclass, replace

from chalicelib.domain.capture.captures import MAX_PICTURE_BYTES, PICTURE_TYPE, make_capture_id
from chalicelib.domain.errors import BadInput, WrongState
from chalicelib.domain.identity.verification import (
    FaceComparison,
    HeadTurn,
    IdentityCheck,
    IdentityStatus,
    VerificationAttempt,
    apply_comparison,
    apply_consent,
    apply_decision,
    start_attempt,
)
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.rules.profiles import get_profile
from chalicelib.domain.sessions.sessions import Session, Transition, advance, with_audit
from chalicelib.domain.sessions.states import FINAL_STATES, Action, State
from chalicelib.domain.types import LocalizedText, Millis
from chalicelib.retry import retry_on_conflict
from chalicelib.services.ports import AppContext, FunctionContext, Record, SessionBundle, SignedForm

UPLOAD_SECONDS = 120


STATES_BEFORE_CONSENT = frozenset({State.SIGNED_IN, State.INFO_CONFIRMED})


@dataclass(frozen=True, slots=True)
class VerificationUpload:
    """A try: its capture, and the forms that upload its two pictures."""

    attempt: VerificationAttempt
    straight: SignedForm
    turned: SignedForm


def record_consent(world: AppContext, session_id: str, *, agreed: bool) -> None:
    """Take what the candidate says to the processing of their face.

    A «yes» belongs before the verification; a «no» may come at any time after the pledge, and
    forgets at once what was computed and taken. Raises WrongState.
    """
    now = world.clock()

    def attempt() -> IdentityCheck:
        whole = world.sessions.bundle(session_id)
        if not _may_answer(whole.session.state, agreed=agreed):
            raise WrongState
        identity = apply_consent(whole.identity, agreed=agreed)
        if identity is not whole.identity:
            world.sessions.commit(*_consent_records(whole, identity, now))
        return whole.identity

    before = retry_on_conflict(attempt)
    if not agreed:
        for key in filter(None, (before.key, before.turn_key)):
            world.media.forget(key)


def _may_answer(state: State, *, agreed: bool) -> bool:
    return state is State.PLEDGED if agreed else state not in STATES_BEFORE_CONSENT | FINAL_STATES


def _consent_records(
    whole: SessionBundle, identity: IdentityCheck, now: Millis
) -> tuple[Record, ...]:
    change = with_audit(whole.session, now, "candidate", "face_consent", consent=identity.consent)
    if whole.monitor.reference is None:
        return identity, change.session, change.entry
    # Without a reference nobody's identity is judged by pictures any more.
    watch = replace(whole.monitor, reference=None, version=whole.monitor.version + 1)
    return identity, watch, change.session, change.entry


def start_verification(world: AppContext, session_id: str) -> VerificationUpload:
    """Return a new try and where its pictures go. Raises WrongState outside `pledged`."""
    now = world.clock()
    capture_id = make_capture_id(now, world.new_id())
    capture = VerificationAttempt(
        capture_id=capture_id,
        key=f"identity/{session_id}/{capture_id}.jpg",
        turn=(HeadTurn.LEFT, HeadTurn.RIGHT)[world.randbelow(2)],
        turn_key=f"turned/{session_id}/{capture_id}.jpg",
    )

    def attempt() -> None:
        whole = world.sessions.bundle(session_id)
        if whole.session.state is not State.PLEDGED:
            raise WrongState
        photo_key = world.registry.candidate(whole.session.candidate_id).photo_key
        world.sessions.commit(start_attempt(whole.identity, capture, photo_key, now))

    retry_on_conflict(attempt)
    straight, turned = (
        world.media.upload_form(key, PICTURE_TYPE, MAX_PICTURE_BYTES, UPLOAD_SECONDS)
        for key in (capture.key, capture.turn_key)
    )
    return VerificationUpload(capture, straight, turned)


def record_comparison(
    world: FunctionContext, session_id: str, capture_id: str, seen: FaceComparison
) -> None:
    """Take in what the models found in a verification picture; a repeat changes nothing."""
    now = world.clock()

    def attempt() -> None:
        whole = world.sessions.bundle(session_id)
        enough = get_profile(whole.session.profile).match_threshold
        after = apply_comparison(whole.identity, capture_id, seen, enough)
        if after is not whole.identity:
            world.sessions.commit(*_comparison_records(whole, after, now))

    retry_on_conflict(attempt)


def _comparison_records(
    whole: SessionBundle, identity: IdentityCheck, now: Millis
) -> tuple[Record, ...]:
    if identity.status is IdentityStatus.VERIFIED:
        return _verified_records(whole, identity, now, "system")
    change = with_audit(
        whole.session,
        now,
        "system",
        "identity_compared",
        status=identity.status,
        reason=identity.reason,
        similarity=identity.similarity,
        movement=identity.movement,
        capture=identity.capture_id,
    )
    return identity, change.session, change.entry


def _verified_records(
    whole: SessionBundle, identity: IdentityCheck, now: Millis, actor: str
) -> tuple[Record, ...]:
    """The picture becomes the session's reference, if there is one, and the session goes on."""
    change: Transition = advance(
        whole.session,
        Action.VERIFY_IDENTITY,
        now,
        actor,
        similarity=identity.similarity,
        movement=identity.movement,
        capture=identity.capture_id,
        consent=identity.consent,
    )
    watch: MonitorState = replace(
        whole.monitor, reference=identity.embedding, version=whole.monitor.version + 1
    )
    # The face's numbers stand in one place from now on, and are forgotten there at the end.
    return replace(identity, embedding=None), watch, change.session, change.entry


def decide_identity(
    world: AppContext, session_id: str, actor: str, reason: str | None, *, accept: bool
) -> Session:
    """Take a proctor's decision; a «no» needs a reason, which the candidate reads."""
    if not accept and not reason:
        raise BadInput(LocalizedText("请填写不通过的原因。", "A refusal needs a reason."))
    now = world.clock()

    def attempt() -> Session:
        whole = world.sessions.bundle(session_id)
        identity = apply_decision(whole.identity, actor, reason, accept=accept)
        if accept:
            world.sessions.commit(*_verified_records(whole, identity, now, actor))
        else:
            change = with_audit(whole.session, now, actor, "identity_rejected", reason=reason)
            world.sessions.commit(identity, change.session, change.entry)
        return world.sessions.session(session_id)

    return retry_on_conflict(attempt)
