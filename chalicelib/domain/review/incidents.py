"""Events: flags of a session that tell of one thing, to be reviewed together."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import SECOND, Millis

MAX_GAP: Millis = 30 * SECOND
"""Flags of one kind that are no farther apart than this are one event."""
MAX_FLAGS = 20
"""Flags in one event, so that a decision on it is one transaction."""

FAMILIES: tuple[frozenset[FindingKind], ...] = (
    frozenset({FindingKind.ABSENT, FindingKind.FACE_OCCLUDED, FindingKind.LOOKING_AWAY}),
    frozenset({FindingKind.PHONE, FindingKind.BOOK, FindingKind.OTHER_SCREEN}),
    frozenset({FindingKind.EXTRA_PERSON, FindingKind.IDENTITY_MISMATCH, FindingKind.VOICE}),
)
"""Kinds that tell of one behaviour where they overlap in time."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Flags that tell of one thing, oldest first, and not reviewed yet."""

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
        """When the last of its flags ended; None while one is open."""
        ends = [flag.ended_at for flag in self.flags]
        return None if None in ends else max(millis for millis in ends if millis is not None)


def group_into_incidents(flags: Iterable[Flag]) -> list[Incident]:
    """Return flags as events, the most severe and of those the oldest first."""
    groups: list[list[Flag]] = []
    for flag in sorted(flags, key=lambda one: (one.session_id, one.began_at, one.flag_id)):
        group = next((one for one in reversed(groups) if _belongs(flag, one)), None)
        if group is None:
            groups.append([flag])
        else:
            group.append(flag)
    events = [Incident(group[0].session_id, tuple(group)) for group in groups]
    return sorted(
        events, key=lambda incident: (-incident.severity, incident.began_at, incident.session_id)
    )


def _belongs(flag: Flag, group: list[Flag]) -> bool:
    return (
        flag.session_id == group[0].session_id
        and len(group) < MAX_FLAGS
        and any(_is_same_incident(flag, other) for other in group)
    )


def _is_same_incident(later: Flag, earlier: Flag) -> bool:
    # An open flag lasts as long as it was seen; the next may follow at once.
    ended_at = earlier.ended_at or earlier.last_seen_at
    if later.kind is earlier.kind:
        return later.began_at <= ended_at + MAX_GAP
    related = any({later.kind, earlier.kind} <= family for family in FAMILIES)
    return related and later.began_at <= ended_at
