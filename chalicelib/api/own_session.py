"""The session of the candidate who calls, as most of the exam page's routes answer with it."""

from chalicelib.api.routing import ApiRequest
from chalicelib.schemas.candidate import SessionOut
from chalicelib.schemas.serializers.candidate import session_out
from chalicelib.services.core import session_access


def own_session_out(request: ApiRequest) -> SessionOut:
    """Read the caller's own session, and return it as its schema."""
    view = session_access.read_session_view(request.context, request.caller.subject)
    return session_out(view, request.context.clock())
