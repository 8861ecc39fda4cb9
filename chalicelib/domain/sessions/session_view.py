"""The read model of the candidate's page."""

from dataclasses import dataclass

from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.exams.exams import Candidate, Exam, Subject
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Millis


@dataclass(frozen=True, slots=True)
class CandidateSessionView:
    """A session with everything that its candidate's page shows."""

    session: Session
    exam: Exam
    subject: Subject
    candidate: Candidate
    identity: IdentityCheck
    cameras: CameraStatus
    corrections: tuple[FindingKind, ...] = ()
    latest_picture_at: Millis = 0
    """When the phone's latest picture was taken."""
