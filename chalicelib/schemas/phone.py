"""Requests and answers of the phone's page, the second view."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.capture.cameras import Orientation
from chalicelib.domain.sessions.states import State
from chalicelib.schemas.common import Number, Shape, ShotOut, TextOut

type JoinCode = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=4, max_length=20)
]


class JoinIn(Shape):
    """The code of the QR, and both of the candidate's numbers once more, as the notice has it."""

    code: JoinCode
    admission_number: Number
    id_number: Number


class PhoneReportIn(Shape):
    """What the phone says of itself every `report_every` ms; what the browser does not tell is null."""

    battery: Annotated[float, Field(ge=0, le=1)] | None = None
    charging: bool | None = None
    orientation: Orientation | None = None
    visible: bool = True
    """Whether the page is in front."""


class PhoneSession(Shape):
    """What the phone's page shows."""

    session_id: str
    state: State
    candidate_name: str
    subject_title: TextOut
    report_every: int
    """How often the phone is to say that it is there, ms."""
    test_shot: ShotOut | None
    """The newest of this phone's camera."""
    now: int


class Joined(Shape):
    """A token for this phone."""

    token: str
    expires_at: int
    session: PhoneSession
