"""Certain signs: what a device or an act tells at once, without a capture that shows it.

A virtual camera, a withdrawn consent, a capture that was replaced. Such a flag stays open until what
it tells is over, if that can be told, and otherwise until the session ends.
"""

from dataclasses import dataclass, replace

from chalicelib.domain.monitoring.flags import MAX_CAPTURES, FlagUpdate
from chalicelib.domain.monitoring.monitor_state import (
    Flag,
    MonitorState,
    next_version,
    open_flag,
    with_flags,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import FlagRule, MonitoringProfile, Severity
from chalicelib.domain.types import Millis, View

MAX_DETAIL = 200
CERTAIN = 1.0
"""The strength of what is told as it is."""


@dataclass(frozen=True, slots=True)
class CertainSign:
    """A sign: what, in which view, since when, and what it was in words of the device or by number."""

    kind: FindingKind
    view: View
    at: Millis
    detail: str = ""
    captures: tuple[str, ...] = ()
    strength: float = CERTAIN
    """How strongly it speaks: what is weaker than certain is a notice, whatever its kind."""


def open_sign(
    monitor: MonitorState, sign: CertainSign, profile: MonitoringProfile, now: Millis
) -> FlagUpdate:
    """Open the sign's flag, or add to the open one. Idempotent. Kinds without a rule open none."""
    rule = profile.rules.get(sign.kind)
    if rule is None:
        return FlagUpdate(monitor)
    current = open_flag(monitor, sign.kind, sign.view)
    flag = (
        _strengthened(_extended(current, sign), sign, rule)
        if current
        else Flag(
            flag_id=f"{sign.at:013d}-{sign.view}-{sign.kind}",
            session_id=monitor.session_id,
            room_id=monitor.room_id,
            kind=sign.kind,
            view=sign.view,
            severity=_severity(sign.strength, rule),
            began_at=sign.at,
            opened_at=now,
            last_seen_at=sign.at,
            score=sign.strength,
            captures=sign.captures,
            detail=sign.detail[:MAX_DETAIL],
        )
    )
    return FlagUpdate(monitor) if flag == current else _with_flags(monitor, (flag,))


def close_signs(
    monitor: MonitorState,
    kinds: frozenset[FindingKind],
    now: Millis,
    views: frozenset[View] = frozenset(View),
) -> FlagUpdate:
    """Close the open flags of these kinds, in these views."""
    flags = tuple(
        replace(flag, ended_at=max(now, flag.began_at))
        for flag in monitor.open_flags
        if flag.kind in kinds and flag.view in views
    )
    return _with_flags(monitor, flags) if flags else FlagUpdate(monitor)


def describe(update: FlagUpdate, sign: CertainSign) -> FlagUpdate:
    """Return an update in which the open flag of a sign's kind says what the sign adds to it."""
    current = open_flag(update.monitor, sign.kind, sign.view)
    if current is None:
        return update
    flag = _extended(current, sign)
    others = tuple(other for other in update.flags if other.flag_id != flag.flag_id)
    return FlagUpdate(with_flags(update.monitor, (flag,)), (*others, flag))


def _extended(flag: Flag, sign: CertainSign) -> Flag:
    """Return an open flag with what the sign adds."""
    added = tuple(capture for capture in sign.captures if capture not in flag.captures)
    details = [part for part in flag.detail.split("; ") if part]
    if sign.detail and sign.detail not in details:
        details.append(sign.detail)
    detail = "; ".join(details)[:MAX_DETAIL]
    if not added and detail == flag.detail:
        return flag
    captures = (*flag.captures, *added)[:MAX_CAPTURES]
    return replace(
        flag, captures=captures, detail=detail, last_seen_at=max(flag.last_seen_at, sign.at)
    )


def _severity(strength: float, rule: FlagRule) -> Severity:
    return rule.severity if strength >= CERTAIN else Severity.NOTICE


def _strengthened(flag: Flag, sign: CertainSign, rule: FlagRule) -> Flag:
    """Return a flag as strong as the strongest of its signs."""
    if sign.strength <= flag.score:
        return flag
    return replace(flag, score=sign.strength, severity=_severity(sign.strength, rule))


def _with_flags(monitor: MonitorState, flags: tuple[Flag, ...]) -> FlagUpdate:
    return FlagUpdate(next_version(with_flags(monitor, flags)), flags)
