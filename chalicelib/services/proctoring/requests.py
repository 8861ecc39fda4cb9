"""Proctor requests: the candidate shows the face or the room again, in a few extra pictures."""

from chalicelib.domain.capture.proctor_requests import (
    PICTURE_COUNT,
    RequestKind,
    captures_for,
    duration_of,
)
from chalicelib.domain.errors import WrongState
from chalicelib.domain.sessions.sessions import Session, request_from_candidate, start_request
from chalicelib.services.core.access import audit_actor
from chalicelib.services.core.capture_uploads import presign_upload
from chalicelib.services.core.session_access import change_session
from chalicelib.services.core.staff_acts import ActBy, change_once
from chalicelib.services.monitoring.capture_plans import UploadPlan
from chalicelib.services.ports import AppContext


def send_request(context: AppContext, by: ActBy, kind: RequestKind) -> Session:
    """Request once that a candidate shows the face or the room. Raises NotFound, WrongState."""
    now, actor = context.clock(), audit_actor(by.staff)
    return change_once(
        context, by, "ask", lambda session: request_from_candidate(session, kind, now, actor)
    )


def plan_requested_pictures(context: AppContext, session_id: str) -> UploadPlan:
    """Start the open request and presign its pictures. Raises WrongState where there is none."""
    now = context.clock()
    request = change_session(
        context, session_id, lambda session: start_request(session, now)
    ).request
    if request is None:
        raise WrongState
    suffixes = [context.new_id() for _ in range(PICTURE_COUNT[request.kind])]
    uploads = tuple(
        presign_upload(context, session_id, capture)
        for capture in captures_for(request, now, suffixes)
    )
    return UploadPlan(uploads, now, now + duration_of(request.kind))
