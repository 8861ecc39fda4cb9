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


def record_consent(context: AppContext, session_id: str, *, agreed: bool) -> None:
    """Take what the candidate says to the processing of their face.

    A «yes» belongs before the verification; a «no» may come at any time after the pledge, and
    forgets at once what was computed and taken. Raises WrongState.
    """
    now = context.clock()

    def attempt() -> IdentityCheck:
        bundle = context.sessions.bundle(session_id)
        if not _may_answer(bundle.session.state, agreed=agreed):
            raise WrongState
        identity = apply_consent(bundle.identity, agreed=agreed)
        if identity is not bundle.identity:
            context.sessions.commit(*_consent_records(bundle, identity, now))
        return bundle.identity

    before = retry_on_conflict(attempt)
    if not agreed:
        for key in filter(None, (before.key, before.turn_key)):
            context.media.forget(key)


def _may_answer(state: State, *, agreed: bool) -> bool:
    return state is State.PLEDGED if agreed else state not in STATES_BEFORE_CONSENT | FINAL_STATES


def _consent_records(
    bundle: SessionBundle, identity: IdentityCheck, now: Millis
) -> tuple[Record, ...]:
    transition = with_audit(
        bundle.session, now, "candidate", "face_consent", consent=identity.consent
    )
    if bundle.monitor.reference is None:
        return identity, transition.session, transition.entry
    # Without a reference nobody's identity is judged by pictures any more.
    monitor = replace(bundle.monitor, reference=None, version=bundle.monitor.version + 1)
    return identity, monitor, transition.session, transition.entry


def start_verification(context: AppContext, session_id: str) -> VerificationUpload:
    """Return a new try and where its pictures go. Raises WrongState outside `pledged`."""
    now = context.clock()
    capture_id = make_capture_id(now, context.new_id())
    capture = VerificationAttempt(
        capture_id=capture_id,
        key=f"identity/{session_id}/{capture_id}.jpg",
        turn=(HeadTurn.LEFT, HeadTurn.RIGHT)[context.randbelow(2)],
        turn_key=f"turned/{session_id}/{capture_id}.jpg",
    )

    def attempt() -> None:
        bundle = context.sessions.bundle(session_id)
        if bundle.session.state is not State.PLEDGED:
            raise WrongState
        photo_key = context.registry.candidate(bundle.session.candidate_id).photo_key
        context.sessions.commit(start_attempt(bundle.identity, capture, photo_key, now))

    retry_on_conflict(attempt)
    straight, turned = (
        context.media.upload_form(key, PICTURE_TYPE, MAX_PICTURE_BYTES, UPLOAD_SECONDS)
        for key in (capture.key, capture.turn_key)
    )
    return VerificationUpload(capture, straight, turned)


def record_comparison(
    context: FunctionContext, session_id: str, capture_id: str, comparison: FaceComparison
) -> None:
    """Take in what the models found in a verification picture; a repeat changes nothing."""
    now = context.clock()

    def attempt() -> None:
        bundle = context.sessions.bundle(session_id)
        enough = get_profile(bundle.session.profile).match_threshold
        after = apply_comparison(bundle.identity, capture_id, comparison, enough)
        if after is not bundle.identity:
            context.sessions.commit(*_comparison_records(bundle, after, now))

    retry_on_conflict(attempt)


def _comparison_records(
    bundle: SessionBundle, identity: IdentityCheck, now: Millis
) -> tuple[Record, ...]:
    if identity.status is IdentityStatus.VERIFIED:
        return _verified_records(bundle, identity, now, "system")
    transition = with_audit(
        bundle.session,
        now,
        "system",
        "identity_compared",
        status=identity.status,
        reason=identity.reason,
        similarity=identity.similarity,
        movement=identity.movement,
        capture=identity.capture_id,
    )
    return identity, transition.session, transition.entry


def _verified_records(
    bundle: SessionBundle, identity: IdentityCheck, now: Millis, actor: str
) -> tuple[Record, ...]:
    """The picture becomes the session's reference, if there is one, and the session goes on."""
    transition: Transition = advance(
        bundle.session,
        Action.VERIFY_IDENTITY,
        now,
        actor,
        similarity=identity.similarity,
        movement=identity.movement,
        capture=identity.capture_id,
        consent=identity.consent,
    )
    monitor: MonitorState = replace(
        bundle.monitor, reference=identity.embedding, version=bundle.monitor.version + 1
    )
    # The face's numbers stand in one place from now on, and are forgotten there at the end.
    return replace(identity, embedding=None), monitor, transition.session, transition.entry


def decide_identity(
    context: AppContext, session_id: str, actor: str, reason: str | None, *, accept: bool
) -> Session:
    """Take a proctor's decision; a «no» needs a reason, which the candidate reads."""
    if not accept and not reason:
        raise BadInput(LocalizedText("请填写不通过的原因。", "A refusal needs a reason."))
    now = context.clock()

    def attempt() -> Session:
        bundle = context.sessions.bundle(session_id)
        identity = apply_decision(bundle.identity, actor, reason, accept=accept)
        if accept:
            context.sessions.commit(*_verified_records(bundle, identity, now, actor))
        else:
            transition = with_audit(bundle.session, now, actor, "identity_rejected", reason=reason)
            context.sessions.commit(identity, transition.session, transition.entry)
        return context.sessions.session(session_id)

    return retry_on_conflict(attempt)
