"""Incidents: flags of a session about one behaviour, reviewed together."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.rules.findings import SPOKEN_KINDS, FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import SECOND, Millis

MAX_GAP: Millis = 30 * SECOND
"""Flags of one kind that are no further apart than this are one incident."""
MAX_FLAGS = 20
"""Flags in one incident, so that a decision fits in one transaction."""

FAMILIES: tuple[frozenset[FindingKind], ...] = (
    frozenset(
        {
            FindingKind.ABSENT,
            FindingKind.FACE_OCCLUDED,
            FindingKind.LOOKING_AWAY,
            FindingKind.LOOKING_DOWN,
            FindingKind.HALF_OUT_OF_FRAME,
        }
    ),
    frozenset(
        {
            FindingKind.PHONE,
            FindingKind.POSSIBLE_PHONE,
            FindingKind.BOOK,
            FindingKind.OTHER_SCREEN,
            FindingKind.STANDING_THING,
        }
    ),
    frozenset({FindingKind.EXTRA_PERSON, FindingKind.IDENTITY_MISMATCH, *SPOKEN_KINDS}),
    frozenset({FindingKind.NO_SNAPSHOT, FindingKind.CAPTURES_MISSING}),
    frozenset({FindingKind.NO_SOUND, FindingKind.MUTED}),
)
"""Kinds that are one behaviour if they overlap in time."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Flags about one behaviour, oldest first, not reviewed yet."""

    session_id: str
    flags: tuple[Flag, ...]

    @property
    def severity(self) -> Severity:
        """The highest of its flags."""
        return max(flag.severity for flag in self.flags)

    @property
    def began_at(self) -> Millis:
        """When the first of its flags began."""
        return self.flags[0].began_at

    @property
    def ended_at(self) -> Millis | None:
        """When the last of its flags ended; None while any is open."""
        ends = [flag.ended_at for flag in self.flags]
        return None if None in ends else max(ended_at for ended_at in ends if ended_at is not None)


def group_into_incidents(flags: Iterable[Flag]) -> list[Incident]:
    """Group flags into incidents; return the most severe first, then the oldest."""
    groups: list[list[Flag]] = []
    for flag in sorted(flags, key=lambda flag: (flag.session_id, flag.began_at, flag.flag_id)):
        group = next((other for other in reversed(groups) if _belongs_to(other, flag)), None)
        if group is None:
            groups.append([flag])
        else:
            group.append(flag)
    incidents = [Incident(group[0].session_id, tuple(group)) for group in groups]
    return sorted(
        incidents, key=lambda incident: (-incident.severity, incident.began_at, incident.session_id)
    )


def _belongs_to(group: list[Flag], flag: Flag) -> bool:
    return (
        flag.session_id == group[0].session_id
        and len(group) < MAX_FLAGS
        and any(_is_same_incident(flag, other) for other in group)
    )


def _is_same_incident(later: Flag, earlier: Flag) -> bool:
    # An open flag counts as lasting until it was last seen.
    ended_at = earlier.ended_at or earlier.last_seen_at
    if later.kind is earlier.kind:
        return later.began_at <= ended_at + MAX_GAP
    related = any({later.kind, earlier.kind} <= family for family in FAMILIES)
    return related and later.began_at <= ended_at
