"""Routes of a session's retention: until when its files are kept, holds, receipts of deletion."""

from chalicelib.api.acts import act_by
from chalicelib.api.roles import ADMIN, PROCTOR_OR_ADMIN
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.errors import Conflict, WrongState
from chalicelib.schemas.common import Done
from chalicelib.schemas.review import SessionRetentionOut
from chalicelib.schemas.serializers.review import session_retention_out
from chalicelib.schemas.staff_acts import ReasonIn
from chalicelib.services.core import access
from chalicelib.services.review import retention_holds

routes = Routes("chalicelib.api.session_retention")
RETENTION = "/proctor/sessions/{session_id}/retention"


@routes.add(
    "GET",
    RETENTION,
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    response=SessionRetentionOut,
)
def show_retention(request: ApiRequest, session_id: str) -> SessionRetentionOut:
    """Show until when a session's files are kept, who preserves them, and what was deleted."""
    session = access.authorized_session(request.context, request.staff, session_id).session
    plan = request.context.sessions.retention_plan(session_id)
    receipts = request.context.sessions.deletion_receipts(session_id)
    return session_retention_out(session, plan, receipts, request.context.clock())


@routes.add(
    "POST",
    RETENTION + "/hold",
    tag=Tag.REVIEW,
    roles=ADMIN,
    body=ReasonIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def hold_session(request: ApiRequest, body: ReasonIn, session_id: str) -> Done:
    """Preserve a session's files beyond their day, with a reason."""
    retention_holds.hold_session(request.context, act_by(request, session_id, body), body.reason)
    return Done()


@routes.add(
    "POST",
    RETENTION + "/release",
    tag=Tag.REVIEW,
    roles=ADMIN,
    body=ReasonIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def release_session(request: ApiRequest, body: ReasonIn, session_id: str) -> Done:
    """Let a session's files be deleted on their day again, with a reason."""
    retention_holds.release_session(request.context, act_by(request, session_id, body), body.reason)
    return Done()
