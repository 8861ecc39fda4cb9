"""From observations to flags: a fold that smooths over time.

`apply_observation` folds one observation into the monitor state, `apply_elapsed_time` applies that
time has passed, `close_all` the end of the session; each returns the new monitor state and the
changed flags. Nothing here reads a clock. docs/flags.md explains each kind's rule for proctors.

Idempotent: an observation that is not newer than the last one applied of its stream is ignored,
because queues deliver late and more than once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from chalicelib.domain.monitoring.absences import (
    escalations,
    next_look,
    note_arrival,
    openings,
)
from chalicelib.domain.monitoring.arrivals import Arrivals
from chalicelib.domain.monitoring.monitor_state import (
    MAX_TRACES,
    CaptureStream,
    Flag,
    MonitorState,
    ObservationTrace,
    next_version,
    open_flag,
    stream_name,
    with_flags,
    with_latest,
    with_stream,
)
from chalicelib.domain.monitoring.recorded_sound import (
    counts,
    is_spoken_for,
    with_recorded_sound,
    without_recorded_speech,
)
from chalicelib.domain.rules.findings import (
    ARRIVAL_KINDS,
    EVERY_KIND,
    NOTICE_KINDS,
    REPORTED_KINDS,
    SOUND_KINDS,
    SPOKEN_KINDS,
    WEAKER_KINDS,
    FindingKind,
    Observation,
)
from chalicelib.domain.rules.profiles import FlagRule, MonitoringProfile
from chalicelib.domain.types import Medium, Millis, View

MAX_CAPTURES = 12
_SUPPORT = {stronger: weaker for weaker, stronger in WEAKER_KINDS.items()}


@dataclass(frozen=True, slots=True)
class FlagUpdate:
    """The new monitor state, and the flags that opened, changed or closed."""

    monitor: MonitorState
    flags: tuple[Flag, ...] = ()


def apply_observation(
    monitor: MonitorState,
    observation: Observation,
    profile: MonitoringProfile,
    *,
    flagging: bool,
    kinds: Collection[FindingKind] = EVERY_KIND,
) -> FlagUpdate:
    """Apply one observation. `flagging` is whether flags may open, `kinds` which ones."""
    if observation.medium is Medium.RECORDED_SOUND:
        return _apply_recorded_sound(monitor, observation, profile, kinds if flagging else ())
    monitor, ended = note_arrival(monitor, observation, profile)
    name = stream_name(observation.view, observation.medium)
    stream = monitor.streams.get(name, CaptureStream())
    if stream.traces and observation.captured_at <= stream.traces[-1].at:
        return FlagUpdate(next_version(with_flags(monitor, ended)), ended)
    monitor = with_latest(monitor, observation)
    if observation.error is not None:
        return FlagUpdate(next_version(monitor))
    trace = ObservationTrace(observation.capture_id, observation.captured_at, observation.findings)
    stream = replace(stream, traces=(*stream.traces, trace)[-MAX_TRACES:])
    rules = _rules_for(monitor, observation, profile)
    opening = kinds if flagging else ()
    seen = without_recorded_speech(monitor, observation, stream.traces)
    flags = (*_flags_after(monitor, observation.view, seen, rules, opening), *ended)
    return FlagUpdate(next_version(with_flags(with_stream(monitor, name, stream), flags)), flags)


def _apply_recorded_sound(
    monitor: MonitorState,
    observation: Observation,
    profile: MonitoringProfile,
    opening: Collection[FindingKind],
) -> FlagUpdate:
    """Apply what was heard in a segment; one that does not count changes nothing."""
    if observation.error is not None or not counts(monitor, observation):
        return FlagUpdate(next_version(monitor))
    after, traces = with_recorded_sound(monitor, observation)
    rules = _rules_for(monitor, observation, profile)
    flags = _flags_after(after, observation.view, traces, rules, opening)
    return FlagUpdate(next_version(with_flags(after, flags)), flags)


def apply_elapsed_time(
    monitor: MonitorState,
    now: Millis,
    profile: MonitoringProfile,
    *,
    flagging: bool,
    kinds: Collection[FindingKind] = EVERY_KIND,
) -> FlagUpdate:
    """Apply that time has passed: captures that did not arrive open a flag, or escalate one."""
    opening = kinds if flagging else ()
    flags = (
        *escalations(monitor, now, profile, opening),
        *(flag for _, flag in openings(monitor, now, profile, opening)),
    )
    if not flags:
        return FlagUpdate(monitor)
    return FlagUpdate(next_version(with_flags(monitor, flags)), flags)


def schedule_wakeup(
    monitor: MonitorState,
    profile: MonitoringProfile,
    *,
    flagging: bool,
    kinds: Collection[FindingKind] = EVERY_KIND,
) -> MonitorState:
    """Return the state with `wake_at` set to the next deadline of the expected captures."""
    return replace(monitor, wake_at=next_look(monitor, profile, kinds if flagging else ()))


def close_all(monitor: MonitorState, now: Millis) -> FlagUpdate:
    """Close every open flag at the end of the session, and expect no more captures."""
    flags = tuple(replace(flag, ended_at=now) for flag in monitor.open_flags)
    streams = {
        name: replace(stream, expected=(), planned_until=0, arrivals=Arrivals())
        for name, stream in monitor.streams.items()
    }
    return FlagUpdate(next_version(replace(monitor, streams=streams, open_flags=())), flags)


def _rules_for(
    monitor: MonitorState, observation: Observation, profile: MonitoringProfile
) -> Iterable[tuple[FindingKind, FlagRule]]:
    """Return the rules that apply to what a stream's captures show."""
    untold = ARRIVAL_KINDS | REPORTED_KINDS
    if not monitor.faces_compared:
        untold |= {FindingKind.IDENTITY_MISMATCH}
    if is_spoken_for(monitor, observation):
        untold |= SPOKEN_KINDS
    for kind, rule in profile.rules.items():
        if WEAKER_KINDS.get(kind, kind) not in profile.rules:
            continue  # whoever may have the thing may have what resembles it
        if kind not in untold and _is_told_by(observation.medium, kind):
            yield kind, rule


def _is_told_by(medium: Medium, kind: FindingKind) -> bool:
    if medium is Medium.RECORDED_SOUND:
        return kind in SPOKEN_KINDS
    return (kind in SOUND_KINDS) == (medium is Medium.SOUND)


def _flags_after(
    monitor: MonitorState,
    view: View,
    traces: tuple[ObservationTrace, ...],
    rules: Iterable[tuple[FindingKind, FlagRule]],
    opening: Collection[FindingKind],
) -> tuple[Flag, ...]:
    updates: dict[FindingKind, Flag] = {}
    # A weak kind comes after the stronger one, whose flag takes its place.
    for kind, rule in sorted(rules, key=lambda item: item[0] in WEAKER_KINDS):
        flag = open_flag(monitor, kind, view)
        stronger = WEAKER_KINDS.get(kind)
        if stronger and (stronger in updates or open_flag(monitor, stronger, view)):
            after = replace(flag, ended_at=traces[-1].at) if flag else None
        elif flag is not None:
            after = _update_flag(flag, traces, rule)
        else:
            after = _new_flag(monitor, kind, view, traces, rule) if kind in opening else None
        if after is not None and after != flag:
            updates[kind] = after
    return tuple(updates.values())


def _score(trace: ObservationTrace, kind: FindingKind) -> float | None:
    """Return the score of a kind; what shows the stronger kind shows the weak one too."""
    score = trace.score(kind)
    stronger = WEAKER_KINDS.get(kind)
    return trace.score(stronger) if score is None and stronger else score


def _is_clear(trace: ObservationTrace, kind: FindingKind) -> bool:
    """Return whether a picture shows nothing of a kind, not even weakly."""
    support = _SUPPORT.get(kind)
    return _score(trace, kind) is None and not (support and trace.score(support) is not None)


def _new_flag(
    monitor: MonitorState,
    kind: FindingKind,
    view: View,
    traces: tuple[ObservationTrace, ...],
    rule: FlagRule,
) -> Flag | None:
    hits = [trace for trace in traces[-rule.window :] if _score(trace, kind) is not None]
    if len(hits) < rule.hits or traces[-1] is not hits[-1]:
        return None
    return Flag(
        flag_id=f"{hits[0].at:013d}-{view}-{kind}",
        session_id=monitor.session_id,
        room_id=monitor.room_id,
        kind=kind,
        view=view,
        severity=rule.severity,
        began_at=hits[0].at,
        opened_at=traces[-1].at,
        last_seen_at=traces[-1].at,
        score=max(_score(trace, kind) or 0.0 for trace in hits),
        captures=tuple(trace.capture_id for trace in hits),
    )


def _update_flag(flag: Flag, traces: tuple[ObservationTrace, ...], rule: FlagRule) -> Flag:
    """Return an open flag after the latest observation: extended, escalated, closed or unchanged."""
    latest = traces[-1]
    score = _score(latest, flag.kind)
    if score is None:
        clear = all(_is_clear(trace, flag.kind) for trace in traces[-rule.clear :])
        if not clear or len(traces) < rule.clear:
            return flag
        # It may have been seen by another stream's captures, later than these begin.
        return replace(flag, ended_at=max(traces[-rule.clear].at, flag.last_seen_at))
    grows = flag.kind not in NOTICE_KINDS
    escalates = grows and latest.at - flag.began_at > rule.escalates_after
    captures = (*flag.captures[: MAX_CAPTURES - 1], latest.capture_id)
    return replace(
        flag,
        last_seen_at=latest.at,
        score=max(flag.score, score),
        captures=captures,
        severity=rule.escalated if escalates else flag.severity,
    )
