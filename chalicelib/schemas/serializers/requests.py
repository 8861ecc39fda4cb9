"""What a proctor asked for, as both sides see it."""

from chalicelib.domain.capture.proctor_requests import REQUEST_TIMEOUT, ProctorRequest, duration_of
from chalicelib.schemas.common import ProctorRequestOut


def proctor_request_out(request: ProctorRequest | None) -> ProctorRequestOut | None:
    """Show what was asked for last; None where nothing was."""
    if request is None:
        return None
    begun = request.started_at
    over_at = (
        request.requested_at + REQUEST_TIMEOUT
        if begun is None
        else begun + duration_of(request.kind)
    )
    return ProctorRequestOut(
        kind=request.kind, at=request.requested_at, begun_at=begun, over_at=over_at
    )
