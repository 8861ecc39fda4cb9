"""Photo verification (拍照核验): what the machine may decide, and what is left to a proctor.

The machine may only say yes. It says so where the live picture is near enough to the registration
photo. Without such a photo, or after the tries are used up, a person decides.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.exam.errors import WrongState
from chalicelib.exam.words import Millis, Text

TRIES = 3


class IdentityStatus(StrEnum):
    """How far the verification has come."""

    NONE = "none"  # no picture yet
    CHECKING = "checking"  # a picture is on its way through the models
    RETRY = "retry"  # not good enough: the candidate takes another
    PENDING = "pending"  # a proctor decides
    VERIFIED = "verified"
    REJECTED = "rejected"  # a proctor said no; a new capture may be taken


class Reason(StrEnum):
    """Why a capture was not enough by itself."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    UNREADABLE = "unreadable"
    NOT_ALIKE = "not_alike"
    NO_PHOTO = "no_photo"


@dataclass(frozen=True, slots=True)
class Identity:
    """The verification of one session.

    `embedding` is Base64 of 128 float32, the live face's; `photo_key` the registration photo's place.
    """

    session_id: str
    room_id: str
    version: int
    status: IdentityStatus = IdentityStatus.NONE
    tries: int = 0
    capture_id: str | None = None
    key: str | None = None
    captured_at: Millis | None = None
    similarity: float | None = None
    reason: Reason | None = None
    embedding: str | None = None
    photo_key: str | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What the models found in a verification picture. `similarity` is None without a photo."""

    faces: int
    similarity: float | None = None
    embedding: str | None = None
    error: str | None = None


def _next(identity: Identity, status: IdentityStatus, reason: Reason | None = None) -> Identity:
    return replace(identity, status=status, reason=reason, version=identity.version + 1)


def begin(
    identity: Identity, capture_id: str, key: str, photo_key: str | None, now: Millis
) -> Identity:
    """Begin a try with a new capture. Raises WrongState where it is decided or being decided."""
    if identity.status in {IdentityStatus.VERIFIED, IdentityStatus.PENDING}:
        raise WrongState(
            Text(
                "身份核验已提交，无需再次拍照。", "The photo is already taken; no other is needed."
            )
        )
    fresh = replace(
        identity,
        capture_id=capture_id,
        key=key,
        photo_key=photo_key,
        captured_at=now,
        similarity=None,
        embedding=None,
    )
    return _next(fresh, IdentityStatus.CHECKING)


def judge(identity: Identity, capture_id: str, seen: Compared, enough: float) -> Identity:
    """Judge a capture. Anything but the capture that is being checked changes nothing."""
    if identity.status is not IdentityStatus.CHECKING or identity.capture_id != capture_id:
        return identity
    tried = replace(
        identity,
        tries=identity.tries + 1,
        similarity=seen.similarity,
        embedding=seen.embedding,
    )
    reason = _doubt(seen, enough)
    if reason is None:
        return _next(replace(tried, decided_by="system"), IdentityStatus.VERIFIED)
    left_to_person = seen.embedding is not None and (
        reason is Reason.NO_PHOTO or tried.tries >= TRIES
    )
    return _next(tried, IdentityStatus.PENDING if left_to_person else IdentityStatus.RETRY, reason)


def _doubt(seen: Compared, enough: float) -> Reason | None:
    if seen.error is not None:
        return Reason.UNREADABLE
    if seen.faces == 0 or seen.embedding is None:
        return Reason.NO_FACE
    if seen.faces > 1:
        return Reason.SEVERAL_FACES
    if seen.similarity is None:
        return Reason.NO_PHOTO
    return None if seen.similarity >= enough else Reason.NOT_ALIKE


def decide(identity: Identity, actor: str, *, accept: bool) -> Identity:
    """Take a proctor's decision. Raises WrongState where none is asked for."""
    if identity.status is not IdentityStatus.PENDING:
        raise WrongState(Text("没有待审核的照片。", "There is no photo that waits for a decision."))
    decided = replace(identity, decided_by=actor)
    return _next(decided, IdentityStatus.VERIFIED if accept else IdentityStatus.REJECTED)
