"""One phone as second view of two candidates, or the computer itself as its own second view."""

from chalicelib.domain.monitoring.claims import Claim, phone_name
from chalicelib.domain.monitoring.signs import CertainSign
from chalicelib.domain.rules.device_changes import Device
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.second_view_devices import same_device_sign
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Millis, View
from chalicelib.retry import find_or_none
from chalicelib.services.monitoring.signs import clear_sign, record_sign
from chalicelib.services.ports import FunctionContext


def tell_same_device(
    context: FunctionContext, session: Session, phone: Device, now: Millis, *, touch: bool
) -> None:
    """Tell where a phone that joined seems to be the computer itself, with how strongly.

    What the phone before it told is over.
    """
    found = same_device_sign(session.browser_id, session.origins, phone, touch=touch)
    if found is None:
        clear_sign(context, session.session_id, FindingKind.SAME_DEVICE, View.SECOND)
        return
    sign = CertainSign(
        FindingKind.SAME_DEVICE, View.SECOND, now, found.detail, strength=found.strength
    )
    record_sign(context, session.session_id, sign)


def tell_shared_phone(context: FunctionContext, session: Session, device: str, now: Millis) -> None:
    """Tell where a phone that joined is another candidate's too.

    `device` is the random id that its browser keeps; browsers that keep none tell nothing.
    """
    if not device:
        return
    claim = Claim(
        name=phone_name(session.exam_id, device),
        session_id=session.session_id,
        candidate_id=session.candidate_id,
        admission_number=session.admission_number,
        at=now,
        view=View.SECOND,
    )
    holder = context.sessions.claim(claim)
    if holder.candidate_id == session.candidate_id:
        return
    _tell(context, session.session_id, holder.admission_number, now)
    find_or_none(lambda: _tell(context, holder.session_id, session.admission_number, now))


def _tell(context: FunctionContext, session_id: str, other_number: str, now: Millis) -> None:
    sign = CertainSign(FindingKind.SHARED_PHONE, View.SECOND, now, detail=other_number)
    record_sign(context, session_id, sign)
