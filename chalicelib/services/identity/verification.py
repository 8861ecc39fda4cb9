"""Identity verification: the attempt's pictures, the models' comparison, the proctor's decision."""

from dataclasses import dataclass, replace

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.errors import BadInput, WrongState
from chalicelib.domain.identity.consent import apply_consent, is_withdrawn
from chalicelib.domain.identity.verification import (
    FaceComparison,
    HeadTurn,
    IdentityCheck,
    IdentityStatus,
    VerificationAttempt,
    apply_comparison,
    apply_decision,
    start_attempt,
)
from chalicelib.domain.monitoring.flags import FlagUpdate
from chalicelib.domain.monitoring.monitor_state import next_version
from chalicelib.domain.monitoring.signs import CertainSign, close_signs, open_sign
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import get_profile
from chalicelib.domain.sessions.sessions import Session, Transition, advance, with_audit
from chalicelib.domain.sessions.states import ENDED_STATES, Action, State
from chalicelib.domain.types import LocalizedText, Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor
from chalicelib.services.core.capture_uploads import picture_upload_form
from chalicelib.services.core.staff_acts import ActBy, act_once
from chalicelib.services.monitoring.capture_content import find_earlier, tell_replaced
from chalicelib.services.monitoring.observations import flag_records
from chalicelib.services.monitoring.session_rules import profile_of
from chalicelib.services.ports import (
    AppContext,
    FunctionContext,
    Record,
    SessionBundle,
    SignedForm,
    StaffAct,
)

FORM_SECONDS = 120
PHOTO_CHECK_STATES = frozenset({State.PLEDGED, State.REVERIFYING})
SETTLED_BY_PERSON = frozenset({FindingKind.CONSENT_WITHDRAWN, FindingKind.IDENTITY_MISMATCH})
"""What was open about the person, and is settled once a proctor recognised them."""
STATES_BEFORE_CONSENT = frozenset({State.SIGNED_IN, State.INFO_CONFIRMED})


@dataclass(frozen=True, slots=True)
class VerificationUpload:
    """An attempt and the forms that upload its two pictures."""

    attempt: VerificationAttempt
    straight: SignedForm
    turned: SignedForm


def record_consent(context: AppContext, session_id: str, *, agreed: bool) -> None:
    """Record whether the candidate consents to face processing.

    Consent is given before the verification; it may be withdrawn at any time after the pledge,
    which deletes the embedding and the pictures at once, and hands the watch over who sits there
    to a person. Raises WrongState.
    """
    now = context.clock()

    def attempt() -> IdentityCheck:
        bundle = context.sessions.bundle(session_id)
        if not _allows_consent(bundle.session.state, agreed=agreed):
            raise WrongState
        identity = apply_consent(bundle.identity, agreed=agreed)
        if identity is not bundle.identity:
            context.sessions.commit(*_consent_records(bundle, identity, now))
        return bundle.identity

    before = retry_on_conflict(attempt)
    if not agreed:
        for key in filter(None, (before.key, before.turn_key)):
            context.media.delete(key)


def _allows_consent(state: State, *, agreed: bool) -> bool:
    if agreed:
        return state in PHOTO_CHECK_STATES
    return state not in STATES_BEFORE_CONSENT | ENDED_STATES


def _consent_records(
    bundle: SessionBundle, identity: IdentityCheck, now: Millis
) -> tuple[Record, ...]:
    transition = with_audit(
        bundle.session, now, "candidate", "face_consent", consent=identity.consent
    )
    if not is_withdrawn(identity):
        return identity, transition.session, transition.entry
    # Without a reference the captures are not compared with the candidate any more: a person has to
    # look who sits there, and no picture may close what an earlier one opened.
    monitor = next_version(replace(bundle.monitor, reference=None, faces_compared=False))
    sign = CertainSign(FindingKind.CONSENT_WITHDRAWN, View.FIRST, now)
    update = open_sign(monitor, sign, profile_of(bundle.session), now)
    return identity, *_with_flags(bundle, update, now, transition)


def _with_flags(
    bundle: SessionBundle, update: FlagUpdate, now: Millis, change: Transition
) -> tuple[Record, ...]:
    """Return the records of an act that changes flags too."""
    monitor = replace(update.monitor, version=bundle.monitor.version + 1)
    return flag_records(bundle, replace(update, monitor=monitor), now, (change,))


def start_verification(context: AppContext, session_id: str) -> VerificationUpload:
    """Start an attempt and return the forms that upload its pictures.

    Raises WrongState in any other state than `pledged` and `reverifying`, and TooMany.
    """
    now = context.clock()
    capture_id = make_capture_id(now, context.new_id())
    verification = VerificationAttempt(
        capture_id=capture_id,
        key=f"identity/{session_id}/{capture_id}.jpg",
        turn=(HeadTurn.LEFT, HeadTurn.RIGHT)[context.randbelow(2)],
        turn_key=f"turned/{session_id}/{capture_id}.jpg",
    )

    def attempt() -> None:
        bundle = context.sessions.bundle(session_id)
        if bundle.session.state not in PHOTO_CHECK_STATES:
            raise WrongState
        photo_key = context.registry.candidate(bundle.session.candidate_id).photo_key
        context.sessions.commit(start_attempt(bundle.identity, verification, photo_key, now))

    retry_on_conflict(attempt)
    straight, turned = (
        picture_upload_form(context, key, FORM_SECONDS)
        for key in (verification.key, verification.turn_key)
    )
    return VerificationUpload(verification, straight, turned)


@dataclass(frozen=True, slots=True)
class PictureHashes:
    """The SHA-256 of an attempt's pictures, and of the registration photo."""

    straight: str
    turned: str | None
    registration: str | None


def is_repeated(
    context: FunctionContext, bundle: SessionBundle, capture_id: str, hashes: PictureHashes
) -> bool:
    """Return whether a picture of an attempt is not new.

    It has the bytes of the registration photo, of the attempt's other picture, or of an earlier
    capture of the exam.
    """
    if hashes.straight in {hashes.turned, hashes.registration}:
        return True
    if hashes.turned is not None and hashes.turned == hashes.registration:
        return True
    # Both are claimed, whatever comes of the first: neither may be used again.
    earlier = [
        find_earlier(context, bundle.session, sha256, f"{capture_id}{suffix}", View.FIRST)
        for sha256, suffix in ((hashes.straight, ""), (hashes.turned, "-turned"))
        if sha256 is not None
    ]
    return any(earlier)


def check_judged_picture(
    context: FunctionContext, bundle: SessionBundle, capture_id: str, sha256: str
) -> None:
    """Tell a verification picture that was replaced after it was judged."""
    identity = bundle.identity
    if identity.capture_id != capture_id or identity.sha256 in {None, sha256}:
        return
    tell_replaced(context, identity.session_id, View.FIRST, identity.captured_at or 0, capture_id)


def record_comparison(
    context: FunctionContext, session_id: str, capture_id: str, comparison: FaceComparison
) -> None:
    """Apply the models' comparison of an attempt's pictures. Idempotent."""
    now = context.clock()

    def attempt() -> None:
        bundle = context.sessions.bundle(session_id)
        threshold = get_profile(bundle.session.profile).match_threshold
        identity = apply_comparison(bundle.identity, capture_id, comparison, threshold)
        if identity is not bundle.identity:
            context.sessions.commit(*_comparison_records(bundle, identity, now))

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
    """Return the session as verified, with the picture's embedding, if any, as its reference.

    A person who was verified on another device goes on where the session stood; the flag of the
    changed device ends.
    """
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
    # A proctor who accepts by live video takes no picture: the earlier one stays the reference.
    reference = identity.embedding or bundle.monitor.reference
    monitor = replace(bundle.monitor, reference=reference)
    settled = frozenset({FindingKind.DEVICE_CHANGED})
    if actor != "system":
        settled |= SETTLED_BY_PERSON
    update = close_signs(monitor, settled, now)
    # From now on the embedding is stored in the monitor state only, and deleted there at the end.
    return replace(identity, embedding=None), *_with_flags(bundle, update, now, transition)


def _looked_at_records(
    bundle: SessionBundle, identity: IdentityCheck, now: Millis, actor: str
) -> tuple[Record, ...]:
    """Return a session whose candidate a proctor recognised after consent was withdrawn.

    What was open about the person is settled by that; the state stays as it is.
    """
    transition = with_audit(
        bundle.session, now, actor, "identity_accepted", consent=identity.consent
    )
    update = close_signs(bundle.monitor, SETTLED_BY_PERSON, now)
    return identity, *_with_flags(bundle, update, now, transition)


def decide_identity(context: AppContext, by: ActBy, reason: str | None, *, accept: bool) -> Session:
    """Apply a proctor's decision, once; a rejection needs a reason, which the candidate reads.

    Raises NotFound, WrongState, BadInput.
    """
    if not accept and not reason:
        raise BadInput(LocalizedText("请填写不通过的原因。", "A rejection requires a reason."))
    now, actor = context.clock(), audit_actor(by.staff)

    def perform(act: StaffAct) -> None:
        bundle = context.sessions.bundle(by.session_id)
        identity = apply_decision(bundle.identity, actor, reason, accept=accept)
        if accept and bundle.session.state in PHOTO_CHECK_STATES:
            context.sessions.commit(*_verified_records(bundle, identity, now, actor), act)
        elif accept:
            context.sessions.commit(*_looked_at_records(bundle, identity, now, actor), act)
        else:
            transition = with_audit(bundle.session, now, actor, "identity_rejected", reason=reason)
            context.sessions.commit(identity, transition.session, transition.entry, act)

    act_once(context, by, "identity_accept" if accept else "identity_reject", perform)
    return context.sessions.session(by.session_id)
