"""What a proctor asked for, as both sides see it."""

from chalicelib.domain.capture.proctor_requests import OPEN, Ask, length_of
from chalicelib.schemas.common import AskOut


def ask_out(ask: Ask | None) -> AskOut | None:
    """Show what was asked for last; None where nothing was."""
    if ask is None:
        return None
    begun = ask.begun_at
    over_at = ask.at + OPEN if begun is None else begun + length_of(ask.kind)
    return AskOut(kind=ask.kind, at=ask.at, begun_at=begun, over_at=over_at)
