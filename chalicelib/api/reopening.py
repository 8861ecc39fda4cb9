"""Routes by which an ended sitting is sat again: practice repeated, an official one reopened."""

from chalicelib.api.acts import act_by
from chalicelib.api.roles import ADMIN, CANDIDATE, PROCTOR_OR_ADMIN
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.errors import Conflict, WrongState
from chalicelib.domain.exams.exams import SittingClosed
from chalicelib.schemas.candidate import SignedInOut
from chalicelib.schemas.common import Done
from chalicelib.schemas.serializers.candidate import session_out
from chalicelib.schemas.staff_acts import ActIn, ReasonIn, ReopenIn
from chalicelib.services.proctoring import reopening
from chalicelib.services.sign_in import practice

routes = Routes("chalicelib.api.reopening")
REOPEN = "/proctor/sessions/{session_id}/reopen"


@routes.add(
    "POST",
    "/candidate/repeat",
    tag=Tag.CHECK_IN,
    roles=CANDIDATE,
    response=SignedInOut,
    errors=(SittingClosed, Conflict, WrongState),
)
def repeat_practice(request: ApiRequest) -> SignedInOut:
    """Repeat an ended practice session, as a new attempt. Idempotent."""
    result = practice.repeat(request.context, request.caller.subject)
    session = session_out(result.view, request.context.clock())
    return SignedInOut(token=result.token, expires_at=result.expires_at, session=session)


@routes.add(
    "POST",
    REOPEN,
    tag=Tag.PROCTORING,
    roles=ADMIN,
    body=ReopenIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def ask_to_reopen(request: ApiRequest, body: ReopenIn, session_id: str) -> Done:
    """Ask for a sealed official sitting to be reopened; somebody else has to confirm."""
    by = act_by(request, session_id, body)
    reopening.ask_to_reopen(request.context, by, body.reason, body.minutes)
    return Done()


@routes.add(
    "POST",
    REOPEN + "/confirm",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    body=ActIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def confirm_reopening(request: ApiRequest, body: ActIn, session_id: str) -> Done:
    """Confirm a reopening that somebody else asked for: the new attempt is there at once."""
    reopening.reopen(request.context, act_by(request, session_id, body))
    return Done()


@routes.add(
    "POST",
    REOPEN + "/refuse",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    body=ReasonIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def refuse_reopening(request: ApiRequest, body: ReasonIn, session_id: str) -> Done:
    """Refuse a reopening, or take one's own request back."""
    reopening.refuse_to_reopen(request.context, act_by(request, session_id, body), body.reason)
    return Done()
