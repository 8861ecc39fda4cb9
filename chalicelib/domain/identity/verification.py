"""Photo verification (拍照核验): what the machine may decide, and what is left to a proctor.

The machine may only say yes. It says so where the live picture is near enough to the registration
photo. Without such a photo, or after the tries are used up, a person decides.

Faces are compared only with a consent of its own (人脸信息处理同意书), apart from the pledge. Whoever
refuses it is verified by a person alone: no embedding is computed, and none is kept.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import WrongState
from chalicelib.domain.types import LocalizedText, Millis

MAX_ATTEMPTS = 3


class IdentityStatus(StrEnum):
    """How far the verification has come."""

    NONE = "none"  # no picture yet
    CHECKING = "checking"  # a picture is on its way through the models
    RETRY = "retry"  # not good enough: the candidate takes another
    PENDING = "pending"  # a proctor decides
    VERIFIED = "verified"
    REJECTED = "rejected"  # a proctor said no; a new capture may be taken


class Consent(StrEnum):
    """What the candidate says to the processing of their face."""

    NONE = "none"  # not asked yet
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # given first, taken back later


class HeadTurn(StrEnum):
    """Which way the head is asked to turn, for the person themselves."""

    LEFT = "left"
    RIGHT = "right"


class LivenessMovement(StrEnum):
    """Whether the head turned as asked: a weak sign of a living person, for the proctor alone."""

    MOVED = "moved"
    STILL = "still"
    UNCLEAR = "unclear"  # there is no second picture, or none that tells


MIN_TURN_YAW: float = 10.0
"""Degrees of yaw between both pictures. The pose model errs by about 5 on frontal faces."""
SAME_HEAD_SIMILARITY: float = 0.25
"""Similarity of both pictures' faces: lower than for verifying, as one is turned."""


class RejectionReason(StrEnum):
    """Why a capture was not enough by itself."""

    NO_CONSENT = "no_consent"

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    UNREADABLE = "unreadable"
    NOT_ALIKE = "not_alike"
    NO_PHOTO = "no_photo"


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """The verification of one session.

    `embedding` is Base64 of 128 float32, the live face's; `photo_key` the registration photo's place.
    `turn_key` is the second picture's place, taken with the head turned to `turn`. `note` is what
    the proctor who refused a picture said, for the candidate to read.
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


@dataclass(frozen=True, slots=True)
class FaceComparison:
    """What the models found in the verification pictures. `similarity` is None without a photo."""

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
    """Take what the candidate says to the processing of their face; the same again changes nothing.

    A «no» before verification leaves it to a person; at any time it drops what was computed.
    Raises WrongState on a «yes» that comes too late to matter.
    """
    return _agree(identity) if agreed else _refuse(identity)


def _agree(identity: IdentityCheck) -> IdentityCheck:
    if identity.consent is Consent.GIVEN:
        return identity
    if identity.status is IdentityStatus.VERIFIED:
        raise WrongState(LocalizedText("身份核验已经完成。", "The identity check is done already."))
    return _with_status(replace(identity, consent=Consent.GIVEN, note=None), IdentityStatus.NONE)


def _refuse(identity: IdentityCheck) -> IdentityCheck:
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
    """Where the two pictures of a try go: straight on, and with the head turned."""

    capture_id: str
    key: str
    turn: HeadTurn
    turn_key: str


def start_attempt(
    identity: IdentityCheck, capture: VerificationAttempt, photo_key: str | None, now: Millis
) -> IdentityCheck:
    """Begin a try with a new capture.

    Raises WrongState without consent, and where it is decided or being decided.
    """
    if identity.consent is not Consent.GIVEN:
        raise WrongState(
            LocalizedText(
                "请先选择是否同意处理人脸信息。", "Say first whether your face may be processed."
            ),
            "no_consent",
        )
    if identity.status in {IdentityStatus.VERIFIED, IdentityStatus.PENDING}:
        raise WrongState(
            LocalizedText(
                "身份核验已提交，无需再次拍照。", "The photo is already taken; no other is needed."
            )
        )
    fresh = replace(
        identity,
        capture_id=capture.capture_id,
        key=capture.key,
        turn=capture.turn,
        turn_key=capture.turn_key,
        photo_key=photo_key,
        captured_at=now,
        similarity=None,
        embedding=None,
        movement=None,
        note=None,
    )
    return _with_status(fresh, IdentityStatus.CHECKING)


def is_current_attempt(identity: IdentityCheck, capture_id: str) -> bool:
    """Tell whether a capture is to be looked at: it is the one being checked, with consent."""
    return (
        identity.status is IdentityStatus.CHECKING
        and identity.capture_id == capture_id
        and identity.consent is Consent.GIVEN
    )


def movement_of(
    straight: float, turned: float, similarity: float, turn: HeadTurn | None
) -> LivenessMovement:
    """Tell whether a head turned as asked. Yaw is in degrees, positive to the person's right."""
    if similarity < SAME_HEAD_SIMILARITY:
        return LivenessMovement.UNCLEAR
    by = straight - turned if turn is HeadTurn.LEFT else turned - straight
    return LivenessMovement.MOVED if by >= MIN_TURN_YAW else LivenessMovement.STILL


def apply_comparison(
    identity: IdentityCheck, capture_id: str, comparison: FaceComparison, enough: float
) -> IdentityCheck:
    """Judge a capture. Anything but the capture that is being checked changes nothing."""
    if not is_current_attempt(identity, capture_id):
        return identity
    tried = replace(
        identity,
        attempts=identity.attempts + 1,
        similarity=comparison.similarity,
        embedding=comparison.embedding,
        movement=comparison.movement,
    )
    reason = _rejection_reason(comparison, enough)
    if reason is None:
        return _with_status(replace(tried, decided_by="system"), IdentityStatus.VERIFIED)
    left_to_person = comparison.embedding is not None and (
        reason is RejectionReason.NO_PHOTO or tried.attempts >= MAX_ATTEMPTS
    )
    return _with_status(
        tried, IdentityStatus.PENDING if left_to_person else IdentityStatus.RETRY, reason
    )


def _rejection_reason(comparison: FaceComparison, enough: float) -> RejectionReason | None:
    if comparison.error is not None:
        return RejectionReason.UNREADABLE
    if comparison.faces == 0 or comparison.embedding is None:
        return RejectionReason.NO_FACE
    if comparison.faces > 1:
        return RejectionReason.SEVERAL_FACES
    if comparison.similarity is None:
        return RejectionReason.NO_PHOTO
    return None if comparison.similarity >= enough else RejectionReason.NOT_ALIKE


def apply_decision(
    identity: IdentityCheck, actor: str, note: str | None, *, accept: bool
) -> IdentityCheck:
    """Take a proctor's decision. Raises WrongState where none is asked for."""
    if identity.status is not IdentityStatus.PENDING:
        raise WrongState(
            LocalizedText("没有待审核的照片。", "There is no photo that waits for a decision.")
        )
    decided = replace(identity, decided_by=actor, note=None if accept else note)
    status = IdentityStatus.VERIFIED if accept else IdentityStatus.REJECTED
    return _with_status(decided, status, None if accept else identity.reason)
