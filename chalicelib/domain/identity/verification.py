"""Photo verification (拍照核验): what the system decides by itself, and what a proctor decides.

The system can only accept: if the live picture is similar enough to the registration photo, and the
head turned as asked. Without such a photo, after the last attempt, or where the pictures are not what
a camera takes (the same bytes again, a similarity that no two pictures have), a proctor decides.

Faces are compared only with a separate consent (人脸信息处理同意书), apart from the pledge. A
candidate who refuses is verified by a proctor: no embedding is computed or stored.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import TooMany, WrongState
from chalicelib.domain.identity.voice_sample import VoiceSample
from chalicelib.domain.types import MINUTE, LocalizedText, Millis

MAX_ATTEMPTS = 3
MAX_STARTS = 6
"""Attempts started within START_WINDOW, uploaded or not; a person needs some ten seconds for each."""
START_WINDOW: Millis = MINUTE
IMPLAUSIBLE_SIMILARITY = 0.995
"""No two pictures of a face taken by cameras reach this: one is the other, encoded again.
Pictures of one person in one light, seconds apart, stay below 0.98."""


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
    NOT_TURNED = "not_turned"
    TOO_SIMILAR = "too_similar"
    SAME_PICTURE = "same_picture"
    CONSENT_WITHDRAWN = "consent_withdrawn"


LEFT_TO_PERSON = frozenset(
    {RejectionReason.NO_PHOTO, RejectionReason.TOO_SIMILAR, RejectionReason.SAME_PICTURE}
)
"""Reasons which another picture does not change: a proctor decides at once."""


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """The verification of one session.

    `embedding` is the live face's, Base64 of 128 float32; `photo_key` is the registration photo's
    key. `turn_key` is the key of the second picture, with the head turned to `turn`. `note` is the
    reason of a proctor who rejected a picture, shown to the candidate.
    `sha256` is the hash of the picture that was judged, `started` when the last attempts began.
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
    sha256: str | None = None
    started: tuple[Millis, ...] = ()
    voice: VoiceSample | None = None
    """The candidate's own voice, where it was asked for and read."""
    person_only: bool = False
    """Whether a proctor alone may accept: the device changed, and the subject asks for that."""


@dataclass(frozen=True, slots=True)
class FaceComparison:
    """What the models found in the verification pictures; `similarity` is None without a photo.

    `turned` is whether there is a second picture, `repeated` whether a picture has the bytes of the
    registration photo, of the other one, or of an earlier capture.
    """

    faces: int
    similarity: float | None = None
    embedding: str | None = None
    error: str | None = None
    movement: LivenessMovement = LivenessMovement.UNCLEAR
    turned: bool = False
    repeated: bool = False
    sha256: str | None = None


def with_voice(identity: IdentityCheck, voice: VoiceSample | None) -> IdentityCheck:
    """Return a verification in its next version, with another voice sample, or without one."""
    return replace(identity, voice=voice, version=identity.version + 1)


def forget_voice(identity: IdentityCheck) -> tuple[IdentityCheck, ...]:
    """Return what has to be stored to keep no voice: nothing where none is kept."""
    return () if identity.voice is None else (with_voice(identity, None),)


def with_status(
    identity: IdentityCheck, status: IdentityStatus, reason: RejectionReason | None = None
) -> IdentityCheck:
    """Return a verification in its next version, with another status and its reason."""
    return replace(identity, status=status, reason=reason, version=identity.version + 1)


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

    Raises WrongState without consent, and if the verification is complete or awaits a decision;
    TooMany beyond MAX_STARTS: an attempt runs the models, whether the last one was uploaded or not.
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
    started = tuple(at for at in identity.started if at > now - START_WINDOW)
    if len(started) >= MAX_STARTS:
        raise TooMany(
            LocalizedText(
                "拍照过于频繁，请稍等一分钟再拍。",
                "Too many photos in a short time. Wait a minute and try again.",
            )
        )
    identity = replace(
        identity,
        started=(*started, now),
        sha256=None,
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
    return with_status(identity, IdentityStatus.CHECKING)


def is_current_attempt(identity: IdentityCheck, capture_id: str) -> bool:
    """Return whether a capture is to be analyzed: of the current attempt, and with consent."""
    return (
        identity.status is IdentityStatus.CHECKING
        and identity.capture_id == capture_id
        and identity.consent is Consent.GIVEN
    )


def movement_of(straight_yaw: float, turned_yaw: float, similarity: float) -> LivenessMovement:
    """Return whether the head turned; yaw in degrees.

    To either side: many take the other one for left, and a still picture turns to none.
    """
    if similarity < SAME_HEAD_SIMILARITY:
        return LivenessMovement.UNCLEAR
    angle = abs(straight_yaw - turned_yaw)
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
        sha256=comparison.sha256,
    )
    reason = _rejection_reason(comparison, threshold)
    if reason is None and identity.person_only:
        return with_status(identity, IdentityStatus.PENDING, RejectionReason.DEVICE_CHANGED)
    if reason is None:
        return with_status(replace(identity, decided_by="system"), IdentityStatus.VERIFIED)
    status = (
        IdentityStatus.PENDING
        if identity.attempts >= MAX_ATTEMPTS or _left_to_person(comparison, reason)
        else IdentityStatus.RETRY
    )
    return with_status(identity, status, reason)


def _left_to_person(comparison: FaceComparison, reason: RejectionReason) -> bool:
    """Return whether a proctor decides at once.

    A head that did not turn is looked at by a person; where the models could not tell, another
    picture may.
    """
    if reason is RejectionReason.NOT_TURNED:
        return not comparison.turned or comparison.movement is LivenessMovement.STILL
    return reason in LEFT_TO_PERSON


def _rejection_reason(comparison: FaceComparison, threshold: float) -> RejectionReason | None:
    return _picture_reason(comparison) or _face_reason(comparison, threshold)


def _picture_reason(comparison: FaceComparison) -> RejectionReason | None:
    """Return why a picture cannot be compared, or must not be."""
    if comparison.repeated:
        return RejectionReason.SAME_PICTURE
    if comparison.error is not None:
        return RejectionReason.UNREADABLE
    if comparison.faces == 0 or comparison.embedding is None:
        return RejectionReason.NO_FACE
    return RejectionReason.SEVERAL_FACES if comparison.faces > 1 else None


def _face_reason(comparison: FaceComparison, threshold: float) -> RejectionReason | None:
    """Return why a face is not accepted."""
    if comparison.similarity is None:
        return RejectionReason.NO_PHOTO
    if comparison.similarity >= IMPLAUSIBLE_SIMILARITY:
        return RejectionReason.TOO_SIMILAR
    if comparison.similarity < threshold:
        return RejectionReason.LOW_SIMILARITY
    return None if comparison.movement is LivenessMovement.MOVED else RejectionReason.NOT_TURNED


def apply_decision(
    identity: IdentityCheck, actor: str, note: str | None, *, accept: bool
) -> IdentityCheck:
    """Apply a proctor's decision. Raises WrongState if no decision is pending."""
    if identity.status is not IdentityStatus.PENDING:
        raise WrongState(LocalizedText("没有待审核的照片。", "No photo is waiting for a decision."))
    identity = replace(identity, decided_by=actor, note=None if accept else note)
    status = IdentityStatus.VERIFIED if accept else IdentityStatus.REJECTED
    return with_status(identity, status, None if accept else identity.reason)
