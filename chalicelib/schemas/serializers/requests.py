"""From a proctor's request to what both sides see of it."""

from chalicelib.domain.capture.proctor_requests import REQUEST_TIMEOUT, ProctorRequest, duration_of
from chalicelib.schemas.common import ProctorRequestOut


def proctor_request_out(request: ProctorRequest | None) -> ProctorRequestOut | None:
    """Return the last request, if there was one."""
    if request is None:
        return None
    started_at = request.started_at
    ends_at = (
        request.requested_at + REQUEST_TIMEOUT
        if started_at is None
        else started_at + duration_of(request.kind)
    )
    return ProctorRequestOut(
        kind=request.kind, at=request.requested_at, begun_at=started_at, over_at=ends_at
    )
