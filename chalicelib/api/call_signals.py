"""From a browser's call messages to the input of the use cases."""

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
    """Return a WebRTC signal as the use cases take it."""
    return SignalStep(
        body.peer,
        body.number,
        body.type,
        body.sdp,
        tuple(
            IceCandidate(candidate.candidate, candidate.sdp_mid, candidate.sdp_m_line_index)
            for candidate in body.candidates
        ),
    )
