"""Accommodations (合理便利): adjustments for one candidate's disability or illness."""

from dataclasses import dataclass

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import MINUTE, LocalizedText, Millis

MAX_EXTRA_PERCENT = 200
MAX_EXTRA_MINUTES = 240


@dataclass(frozen=True, slots=True)
class Accommodation:
    """Finding kinds that raise no flag for this candidate, and extra time (percent plus minutes)."""

    excused: tuple[FindingKind, ...] = ()
    extra_percent: int = 0
    extra_minutes: int = 0

    def extra_time(self, duration: Millis) -> Millis:
        """Return the extra time for a paper of this duration."""
        return duration * self.extra_percent // 100 + self.extra_minutes * MINUTE


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
