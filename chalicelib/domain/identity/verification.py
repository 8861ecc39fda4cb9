"""Photo verification (拍照核验): what the system decides by itself, and what a proctor decides.

The system can only accept: if the live picture is similar enough to the registration photo. Without
such a photo, or after the last attempt, a proctor decides.

Faces are compared only with a separate consent (人脸信息处理同意书), apart from the pledge. A
candidate who refuses is verified by a proctor: no embedding is computed or stored.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import WrongState
from chalicelib.domain.types import LocalizedText, Millis

MAX_ATTEMPTS = 3


class IdentityStatus(StrEnum):
    """The status of the verification."""

    NONE = "none"  # no picture yet
    CHECKING = "checking"  # the models are processing a picture
    RETRY = "retry"  # not accepted: the candidate takes another picture
    PENDING = "pending"  # a proctor decides
    VERIFIED = "verified"
    REJECTED = "rejected"  # rejected by a proctor; a new picture may be taken


class Consent(StrEnum):
    """The candidate's consent to face processing."""

    NONE = "none"  # not asked yet
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # given, then withdrawn


class HeadTurn(StrEnum):
    """The direction to turn the head, from the candidate's own perspective."""

    LEFT = "left"
    RIGHT = "right"


class LivenessMovement(StrEnum):
    """Whether the head turned as requested: a weak liveness signal, shown to the proctor only."""

    MOVED = "moved"
    STILL = "still"
    UNCLEAR = "unclear"  # no second picture, or not conclusive


MIN_TURN_YAW: float = 10.0
"""Degrees of yaw between both pictures. The head-pose model's error on frontal faces is about 5."""
SAME_HEAD_SIMILARITY: float = 0.25
"""Minimum similarity of the faces in both pictures; low, because one is turned."""


class RejectionReason(StrEnum):
    """Why a picture was not accepted automatically."""

    NO_CONSENT = "no_consent"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    UNREADABLE = "unreadable"
    LOW_SIMILARITY = "not_alike"
    NO_PHOTO = "no_photo"
    DEVICE_CHANGED = "device_changed"


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """The verification of one session.

    `embedding` is the live face's, Base64 of 128 float32; `photo_key` is the registration photo's
    key. `turn_key` is the key of the second picture, with the head turned to `turn`. `note` is the
    reason of a proctor who rejected a picture, shown to the candidate.
    """

    session_id: str
    room_id: str
    version: int
    status: IdentityStatus = IdentityStatus.NONE
    attempts: int = 0
    capture_id: str | None = None
    key: str | None = None
    captured_at: Millis | None = None
    similarity: float | None = None
    reason: RejectionReason | None = None
    embedding: str | None = None
    photo_key: str | None = None
    decided_by: str | None = None
    consent: Consent = Consent.NONE
    turn: HeadTurn | None = None
    turn_key: str | None = None
    movement: LivenessMovement | None = None
    note: str | None = None
    person_only: bool = False
    """Whether a proctor alone may accept: the device changed, and the subject asks for that."""


@dataclass(frozen=True, slots=True)
class FaceComparison:
    """What the models found in the verification pictures; `similarity` is None without a photo."""

    faces: int
    similarity: float | None = None
    embedding: str | None = None
    error: str | None = None
    movement: LivenessMovement = LivenessMovement.UNCLEAR


def _with_status(
    identity: IdentityCheck, status: IdentityStatus, reason: RejectionReason | None = None
) -> IdentityCheck:
    return replace(identity, status=status, reason=reason, version=identity.version + 1)


def apply_consent(identity: IdentityCheck, *, agreed: bool) -> IdentityCheck:
    """Apply the candidate's consent to face processing, or its refusal. Idempotent.

    A refusal before verification leaves the decision to a proctor; at any time it deletes what was
    computed. Raises WrongState on a consent after verification.
    """
    return _give_consent(identity) if agreed else _refuse_consent(identity)


def _give_consent(identity: IdentityCheck) -> IdentityCheck:
    if identity.consent is Consent.GIVEN:
        return identity
    if identity.status is IdentityStatus.VERIFIED:
        raise WrongState(
            LocalizedText("身份核验已经完成。", "Identity verification is already complete.")
        )
    agreed = replace(identity, consent=Consent.GIVEN, note=None)
    if identity.person_only:
        return _with_status(agreed, IdentityStatus.PENDING, RejectionReason.DEVICE_CHANGED)
    return _with_status(agreed, IdentityStatus.NONE)


def _refuse_consent(identity: IdentityCheck) -> IdentityCheck:
    refused = identity.consent in {Consent.REFUSED, Consent.WITHDRAWN}
    if refused and identity.status is not IdentityStatus.REJECTED:
        return identity
    bare = replace(
        identity,
        consent=Consent.WITHDRAWN if identity.consent is Consent.GIVEN else Consent.REFUSED,
        capture_id=None,
        key=None,
        turn_key=None,
        similarity=None,
        embedding=None,
        movement=None,
    )
    if identity.status is IdentityStatus.VERIFIED:
        return _with_status(bare, IdentityStatus.VERIFIED)
    return _with_status(bare, IdentityStatus.PENDING, RejectionReason.NO_CONSENT)


@dataclass(frozen=True, slots=True)
class VerificationAttempt:
    """One attempt and the keys of its two pictures: straight on, and with the head turned."""

    capture_id: str
    key: str
    turn: HeadTurn
    turn_key: str


def start_attempt(
    identity: IdentityCheck, attempt: VerificationAttempt, photo_key: str | None, now: Millis
) -> IdentityCheck:
    """Start an attempt with new pictures.

    Raises WrongState without consent, and if the verification is complete or awaits a decision.
    """
    if identity.consent is not Consent.GIVEN:
        raise WrongState(
            LocalizedText(
                "请先选择是否同意处理人脸信息。",
                "Choose first whether you consent to face processing.",
            ),
            "no_consent",
        )
    if identity.status in {IdentityStatus.VERIFIED, IdentityStatus.PENDING}:
        raise WrongState(
            LocalizedText(
                "身份核验已提交，无需再次拍照。",
                "Your photo has been submitted; no other is needed.",
            )
        )
    identity = replace(
        identity,
        capture_id=attempt.capture_id,
        key=attempt.key,
        turn=attempt.turn,
        turn_key=attempt.turn_key,
        photo_key=photo_key,
        captured_at=now,
        similarity=None,
        embedding=None,
        movement=None,
        note=None,
    )
    return _with_status(identity, IdentityStatus.CHECKING)


def is_current_attempt(identity: IdentityCheck, capture_id: str) -> bool:
    """Return whether a capture is to be analyzed: of the current attempt, and with consent."""
    return (
        identity.status is IdentityStatus.CHECKING
        and identity.capture_id == capture_id
        and identity.consent is Consent.GIVEN
    )


def movement_of(
    straight_yaw: float, turned_yaw: float, similarity: float, turn: HeadTurn | None
) -> LivenessMovement:
    """Return whether the head turned as requested. Yaw in degrees, positive to the person's right."""
    if similarity < SAME_HEAD_SIMILARITY:
        return LivenessMovement.UNCLEAR
    angle = straight_yaw - turned_yaw if turn is HeadTurn.LEFT else turned_yaw - straight_yaw
    return LivenessMovement.MOVED if angle >= MIN_TURN_YAW else LivenessMovement.STILL


def apply_comparison(
    identity: IdentityCheck, capture_id: str, comparison: FaceComparison, threshold: float
) -> IdentityCheck:
    """Apply the models' comparison. Idempotent; any capture but the current one is ignored."""
    if not is_current_attempt(identity, capture_id):
        return identity
    identity = replace(
        identity,
        attempts=identity.attempts + 1,
        similarity=comparison.similarity,
        embedding=comparison.embedding,
        movement=comparison.movement,
    )
    reason = _rejection_reason(comparison, threshold)
    if reason is None and identity.person_only:
        return _with_status(identity, IdentityStatus.PENDING, RejectionReason.DEVICE_CHANGED)
    if reason is None:
        return _with_status(replace(identity, decided_by="system"), IdentityStatus.VERIFIED)
    needs_decision = comparison.embedding is not None and (
        reason is RejectionReason.NO_PHOTO or identity.attempts >= MAX_ATTEMPTS
    )
    return _with_status(
        identity, IdentityStatus.PENDING if needs_decision else IdentityStatus.RETRY, reason
    )


def _rejection_reason(comparison: FaceComparison, threshold: float) -> RejectionReason | None:
    if comparison.error is not None:
        return RejectionReason.UNREADABLE
    if comparison.faces == 0 or comparison.embedding is None:
        return RejectionReason.NO_FACE
    if comparison.faces > 1:
        return RejectionReason.SEVERAL_FACES
    if comparison.similarity is None:
        return RejectionReason.NO_PHOTO
    return None if comparison.similarity >= threshold else RejectionReason.LOW_SIMILARITY


def apply_decision(
    identity: IdentityCheck, actor: str, note: str | None, *, accept: bool
) -> IdentityCheck:
    """Apply a proctor's decision. Raises WrongState if no decision is pending."""
    if identity.status is not IdentityStatus.PENDING:
        raise WrongState(LocalizedText("没有待审核的照片。", "No photo is waiting for a decision."))
    identity = replace(identity, decided_by=actor, note=None if accept else note)
    status = IdentityStatus.VERIFIED if accept else IdentityStatus.REJECTED
    return _with_status(identity, status, None if accept else identity.reason)
