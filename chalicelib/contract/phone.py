"""Requests and answers of the phone's page, the second view."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.contract.common import Number, Shape, ShotOut, TextOut
from chalicelib.exam.states import State

type JoinCode = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=4, max_length=20)
]


class JoinIn(Shape):
    """The code of the QR, and the candidate's ID or admission number once more."""

    code: JoinCode
    number: Number


class PhoneSession(Shape):
    """What the phone's page shows."""

    session_id: str
    state: State
    candidate_name: str
    subject_title: TextOut
    test_shot: ShotOut | None
    """The newest of this phone's camera."""
    now: int


class Joined(Shape):
    """A token for this phone."""

    token: str
    expires_at: int
    session: PhoneSession
