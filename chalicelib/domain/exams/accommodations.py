"""Accommodations (合理便利): adjustments for one candidate's disability or illness."""

from dataclasses import dataclass

from chalicelib.domain.errors import BadInput
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import MINUTE, LocalizedText, Millis

MAX_EXTRA_PERCENT = 200
MAX_EXTRA_MINUTES = 240


@dataclass(frozen=True, slots=True)
class Accommodation:
    """What is different for one candidate.

    Finding kinds that raise no flag, extra time (percent plus minutes), and what is not recorded.
    """

    excused: tuple[FindingKind, ...] = ()
    extra_percent: int = 0
    extra_minutes: int = 0
    unrecorded: tuple[Track, ...] = ()

    def extra_time(self, duration: Millis) -> Millis:
        """Return the extra time for a paper of this duration."""
        return duration * self.extra_percent // 100 + self.extra_minutes * MINUTE


def unrecorded_detail(accommodation: Accommodation) -> dict[str, str]:
    """Return what an audit entry says of tracks that are not recorded; nothing where all may be."""
    return {"unrecorded": ",".join(accommodation.unrecorded)} if accommodation.unrecorded else {}


def validate_accommodation(accommodation: Accommodation) -> None:
    """Raise BadInput if the extra time is out of bounds."""
    if not (
        0 <= accommodation.extra_percent <= MAX_EXTRA_PERCENT
        and 0 <= accommodation.extra_minutes <= MAX_EXTRA_MINUTES
    ):
        raise BadInput(
            LocalizedText(
                f"延长时间最多为 {MAX_EXTRA_PERCENT}% 加 {MAX_EXTRA_MINUTES} 分钟。",
                f"Extra time is at most {MAX_EXTRA_PERCENT}% plus {MAX_EXTRA_MINUTES} minutes.",
            ),
            "too_much_time",
        )
