"""A session with everything that its candidate is shown of it."""

from dataclasses import dataclass

from chalicelib.exam.devices import Devices
from chalicelib.exam.exams import Candidate, Exam, Subject
from chalicelib.exam.findings import Kind
from chalicelib.exam.identity import Identity
from chalicelib.exam.sessions import Session
from chalicelib.exam.words import Millis


@dataclass(frozen=True, slots=True)
class Seated:
    """A session with what its candidate sees around it."""

    session: Session
    exam: Exam
    subject: Subject
    candidate: Candidate
    identity: Identity
    devices: Devices
    mend: tuple[Kind, ...] = ()
    pictured_at: Millis = 0
    """The moment of the phone's newest picture."""
