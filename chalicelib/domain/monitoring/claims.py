"""Claims: who was the first of an exam with something that no two can have.

The bytes of a capture, and a phone's own random id. Whoever comes second with the same is told as a
sign, naming the first. Claims expire after the days of an exam's sittings.
"""

from dataclasses import dataclass

from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.types import DAY, Medium, Millis, View

CLAIM_TTL: Millis = 7 * DAY
ALIKE_KINDS = frozenset({FindingKind.CAMERA_COVERED, FindingKind.MUTED})
"""Even surfaces and digital silence have the same bytes again, and are told as what they are."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who was first: `name` is what is claimed, within an exam."""

    name: str
    session_id: str
    candidate_id: str
    admission_number: str
    at: Millis
    capture_id: str = ""
    view: View = View.FIRST

    @property
    def expires_at(self) -> Millis:
        """When the claim is forgotten."""
        return self.at + CLAIM_TTL


def content_name(exam_id: str, sha256: str) -> str:
    """Return the name of a capture's bytes. Each is a key of its own, so that writes spread."""
    return f"{exam_id}/content/{sha256}"


def phone_name(exam_id: str, device: str) -> str:
    """Return the name of a phone, by the random id that its browser keeps."""
    return f"{exam_id}/phone/{device}"


def is_distinctive(observation: Observation) -> bool:
    """Return whether no second capture can have these bytes.

    What cannot be read has not arrived at all.
    """
    if observation.sha256 is None or observation.error is not None:
        return False
    return all(finding.kind not in ALIKE_KINDS for finding in observation.findings)


def repeated_kind(medium: Medium) -> FindingKind:
    """Return how equal bytes of two captures of a medium are told."""
    return FindingKind.REPEATED_SOUND if medium is Medium.SOUND else FindingKind.REPEATED_PICTURE
