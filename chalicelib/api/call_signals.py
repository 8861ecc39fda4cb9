"""From what a browser says of a call to what the use cases take."""

from chalicelib.domain.messaging.calls import CallEnd, IceCandidate
from chalicelib.schemas.messages import SignalIn
from chalicelib.services.messaging.calls import SignalStep

ENDS: dict[str, CallEnd | None] = {
    "accept": None,
    "decline": CallEnd.DECLINED,
    "end": CallEnd.HUNG_UP,
    "lost": CallEnd.LOST,
    "no_device": CallEnd.NO_DEVICE,
}


def signal_step(body: SignalIn) -> SignalStep:
    """Return a step of connecting."""
    return SignalStep(
        body.peer,
        body.number,
        body.type,
        body.sdp,
        tuple(IceCandidate(o.candidate, o.sdp_mid, o.sdp_m_line_index) for o in body.candidates),
    )
