"""From a request's act id to the act that it names."""

from chalicelib.api.routing import ApiRequest
from chalicelib.schemas.staff_acts import ActIn
from chalicelib.services.core.staff_acts import ActBy


def act_by(request: ApiRequest, session_id: str, body: ActIn) -> ActBy:
    """Return who acts on which session, by the id that the client gave. Raises NotFound."""
    return ActBy(request.staff, session_id, body.act_id)
