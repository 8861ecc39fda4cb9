"""What a proctor asked for, as both sides see it."""

from chalicelib.domain.capture.proctor_requests import REQUEST_TIMEOUT, ProctorRequest, duration_of
from chalicelib.schemas.common import ProctorRequestOut


def proctor_request_out(ask: ProctorRequest | None) -> ProctorRequestOut | None:
    """Show what was asked for last; None where nothing was."""
    if ask is None:
        return None
    begun = ask.started_at
    over_at = ask.requested_at + REQUEST_TIMEOUT if begun is None else begun + duration_of(ask.kind)
    return ProctorRequestOut(kind=ask.kind, at=ask.requested_at, begun_at=begun, over_at=over_at)
