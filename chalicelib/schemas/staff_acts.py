"""What staff do to a session: each act has an id of its own, so that it counts once."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.capture.proctor_requests import RequestKind
from chalicelib.domain.sessions.attempts import MAX_REOPEN_MINUTES
from chalicelib.schemas.common import (
    ApiModel,
    Id,
)

type ReasonText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)
]


class ActIn(ApiModel):
    """An act of staff. `act_id` is the client's: the same one again changes nothing."""

    act_id: Id


class IdentityDecisionIn(ActIn):
    """A proctor's decision on an identity verification."""

    accept: bool
    reason: ReasonText | None = None


class ReasonIn(ActIn):
    """A reason; the candidate reads it."""

    reason: ReasonText


class ExtendIn(ActIn):
    """Extra time, and the reason; the candidate sees both."""

    minutes: int = Field(ge=1, le=120)
    reason: ReasonText


class ProctorRequestIn(ActIn):
    """What the candidate is requested to show."""

    kind: RequestKind


class ReopenIn(ActIn):
    """Asks to reopen a sealed official sitting as a new attempt with so much answering time."""

    reason: ReasonText
    minutes: int = Field(ge=1, le=MAX_REOPEN_MINUTES)
