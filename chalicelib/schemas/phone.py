"""Requests and responses of the phone's page, the second view."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.capture.cameras import Orientation
from chalicelib.domain.sessions.states import State
from chalicelib.schemas.common import ApiModel, CameraTestOut, Number, TextOut
from chalicelib.schemas.recordings import OwnRecordingOut

type JoinCodeText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=4, max_length=40)
]


type DeviceId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9-]*$")]


class PairPhoneIn(ApiModel):
    """The join code of the QR code, and both of the candidate's numbers, as the notice requires."""

    code: JoinCodeText
    admission_number: Number
    id_number: Number
    device: DeviceId = ""
    """The random id that the phone's browser keeps; the same as the exam page's in one browser."""
    touch: bool = False
    """Whether the device has a touch screen: a tablet's browser may call itself a computer's."""


class PhoneStatusIn(ApiModel):
    """The phone's heartbeat, every `report_every` ms; null is what the browser does not tell."""

    battery: Annotated[float, Field(ge=0, le=1)] | None = None
    charging: bool | None = None
    orientation: Orientation | None = None
    visible: bool = True
    """Whether the page is in the foreground."""


class PhoneSessionOut(ApiModel):
    """What the phone's page shows."""

    session_id: str
    state: State
    candidate_name: str
    subject_title: TextOut
    report_every: int
    """Interval of heartbeats, ms."""
    recording: OwnRecordingOut
    test_shot: CameraTestOut | None
    """The newest test of this phone's camera."""
    now: int


class PairedPhoneOut(ApiModel):
    """A token for this phone."""

    token: str
    expires_at: int
    session: PhoneSessionOut
