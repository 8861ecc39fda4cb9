"""Requests and answers of the phone's page, the second view."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.capture.cameras import Orientation
from chalicelib.domain.sessions.states import State
from chalicelib.schemas.common import ApiModel, CameraTestOut, Number, TextOut

type JoinCodeText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=4, max_length=20)
]


class PairPhoneIn(ApiModel):
    """The code of the QR, and both of the candidate's numbers once more, as the notice has it."""

    code: JoinCodeText
    admission_number: Number
    id_number: Number


class PhoneStatusIn(ApiModel):
    """What the phone says of itself every `report_every` ms; what the browser does not tell is null."""

    battery: Annotated[float, Field(ge=0, le=1)] | None = None
    charging: bool | None = None
    orientation: Orientation | None = None
    visible: bool = True
    """Whether the page is in front."""


class PhoneSessionOut(ApiModel):
    """What the phone's page shows."""

    session_id: str
    state: State
    candidate_name: str
    subject_title: TextOut
    report_every: int
    """How often the phone is to say that it is there, ms."""
    test_shot: CameraTestOut | None
    """The newest of this phone's camera."""
    now: int


class PairedPhoneOut(ApiModel):
    """A token for this phone."""

    token: str
    expires_at: int
    session: PhoneSessionOut
