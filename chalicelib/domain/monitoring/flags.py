"""From observations to flags: the fold that smooths over time.

`fold` takes one observation into a Watch, `miss` takes the time that has passed, `finish` the
session's end; each returns a new Watch and the flags that changed. Nothing here reads a clock.
What each kind's rule means for people is in docs/flags.md.

An observation older than one already folded of its stream, or one already seen, changes nothing:
queues deliver late and twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.domain.capture.captures import UPLOAD_GRACE
from chalicelib.domain.monitoring.monitor_state import (
    MAX_TRACES,
    CaptureStream,
    Flag,
    MonitorState,
    ObservationTrace,
    next_version,
    open_flag,
    silent_since,
    stream_name,
    with_flags,
    with_latest,
    with_stream,
)
from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.rules.profiles import FlagRule, MonitoringProfile
from chalicelib.domain.types import Medium, Millis, View

MAX_CAPTURES = 12


@dataclass(frozen=True, slots=True)
class FlagUpdate:
    """What a fold returns: the watch after it, and the flags that opened, changed or closed."""

    monitor: MonitorState
    flags: tuple[Flag, ...] = ()


def apply_observation(
    monitor: MonitorState, observation: Observation, profile: MonitoringProfile, *, flagging: bool
) -> FlagUpdate:
    """Take one observation in. `flagging` says whether flags may open (while answering)."""
    name = stream_name(observation.view, observation.medium)
    stream = monitor.streams.get(name, CaptureStream())
    # What was due before this one and has not come by now is not waited for any longer.
    arrived = replace(
        stream,
        expected=tuple(
            capture for capture in stream.expected if capture.due_at > observation.captured_at
        ),
    )
    if stream.traces and observation.captured_at <= stream.traces[-1].at:
        return FlagUpdate(next_version(with_stream(monitor, name, arrived)))
    monitor = with_latest(monitor, observation)
    arrivals = _close_missing_captures(monitor, observation)
    if observation.error is not None:
        return FlagUpdate(
            next_version(with_flags(with_stream(monitor, name, arrived), arrivals)), arrivals
        )
    trace = ObservationTrace(observation.capture_id, observation.captured_at, observation.findings)
    arrived = replace(arrived, traces=(*arrived.traces, trace)[-MAX_TRACES:])
    flags = _flags_after(
        monitor, observation.view, arrived.traces, _relevant_kinds(observation, profile), flagging
    )
    flags += arrivals
    return FlagUpdate(next_version(with_flags(with_stream(monitor, name, arrived), flags)), flags)


def apply_elapsed_time(
    monitor: MonitorState, now: Millis, profile: MonitoringProfile, *, flagging: bool
) -> FlagUpdate:
    """Take in that time has passed: overdue pictures open `no_snapshot`, or make it more severe."""
    rule = profile.rules.get(FindingKind.NO_SNAPSHOT)
    if not flagging or rule is None:
        return FlagUpdate(monitor)
    silences = (_missing_captures_flag(monitor, view, now, profile, rule) for view in View)
    changed = tuple(flag for flag in silences if flag is not None)
    return (
        FlagUpdate(next_version(with_flags(monitor, changed)), changed)
        if changed
        else FlagUpdate(monitor)
    )


def close_all(monitor: MonitorState, now: Millis) -> FlagUpdate:
    """Close every open flag at the session's end, and await nothing more."""
    closed = tuple(replace(flag, ended_at=now) for flag in monitor.open_flags)
    quiet = {
        name: replace(stream, expected=(), planned_until=0)
        for name, stream in monitor.streams.items()
    }
    return FlagUpdate(next_version(replace(monitor, streams=quiet, open_flags=())), closed)


def _missing_captures_flag(
    monitor: MonitorState, view: View, now: Millis, profile: MonitoringProfile, rule: FlagRule
) -> Flag | None:
    """Return the flag of a view's silence as it changes now, or None where it does not."""
    flag = open_flag(monitor, FindingKind.NO_SNAPSHOT, view)
    if flag is not None:
        grown = flag.severity < rule.escalated and now - flag.began_at >= rule.escalates_after
        return replace(flag, severity=rule.escalated, last_seen_at=now) if grown else None
    since = silent_since(monitor, view)
    if since is None or now - since < profile.missing_after + UPLOAD_GRACE:
        return None
    return Flag(
        flag_id=f"{since:013d}-{view}-{FindingKind.NO_SNAPSHOT}",
        session_id=monitor.session_id,
        room_id=monitor.room_id,
        kind=FindingKind.NO_SNAPSHOT,
        view=view,
        severity=rule.severity,
        began_at=since,
        opened_at=now,
        last_seen_at=now,
        score=1.0,
    )


def _close_missing_captures(monitor: MonitorState, observation: Observation) -> tuple[Flag, ...]:
    flag = open_flag(monitor, FindingKind.NO_SNAPSHOT, observation.view)
    if (
        flag is None
        or observation.medium is not Medium.PICTURE
        or observation.captured_at < flag.began_at
    ):
        return ()  # a picture from before the silence, however late it comes, does not end it
    return (replace(flag, last_seen_at=observation.captured_at, ended_at=observation.captured_at),)


def _relevant_kinds(
    observation: Observation, profile: MonitoringProfile
) -> Iterable[tuple[FindingKind, FlagRule]]:
    """Return the rules that a stream's observations speak to."""
    heard = {FindingKind.VOICE}
    for kind, rule in profile.rules.items():
        if kind is not FindingKind.NO_SNAPSHOT and (kind in heard) == (
            observation.medium is Medium.SOUND
        ):
            yield kind, rule


def _flags_after(
    monitor: MonitorState,
    view: View,
    trail: tuple[ObservationTrace, ...],
    rules: Iterable[tuple[FindingKind, FlagRule]],
    flagging: bool,  # noqa: FBT001  (private; the public functions name it)
) -> tuple[Flag, ...]:
    changed = []
    for kind, rule in rules:
        flag = open_flag(monitor, kind, view)
        after = (
            _continued(flag, trail, rule)
            if flag is not None
            else _open_new(monitor, kind, view, trail, rule)
            if flagging
            else None
        )
        if after is not None and after != flag:
            changed.append(after)
    return tuple(changed)


def _open_new(
    monitor: MonitorState,
    kind: FindingKind,
    view: View,
    trail: tuple[ObservationTrace, ...],
    rule: FlagRule,
) -> Flag | None:
    hits = [trace for trace in trail[-rule.window :] if trace.score(kind) is not None]
    if len(hits) < rule.hits or trail[-1] is not hits[-1]:
        return None
    return Flag(
        flag_id=f"{hits[0].at:013d}-{view}-{kind}",
        session_id=monitor.session_id,
        room_id=monitor.room_id,
        kind=kind,
        view=view,
        severity=rule.severity,
        began_at=hits[0].at,
        opened_at=trail[-1].at,
        last_seen_at=trail[-1].at,
        score=max(trace.score(kind) or 0.0 for trace in hits),
        captures=tuple(trace.capture_id for trace in hits),
    )


def _continued(flag: Flag, trail: tuple[ObservationTrace, ...], rule: FlagRule) -> Flag:
    """Return an open flag after the newest observation: longer, more severe, closed or as it was."""
    newest = trail[-1]
    score = newest.score(flag.kind)
    if score is None:
        clear = all(trace.score(flag.kind) is None for trace in trail[-rule.clear :])
        over = clear and len(trail) >= rule.clear
        return replace(flag, ended_at=trail[-rule.clear].at) if over else flag
    grown = newest.at - flag.began_at > rule.escalates_after
    captures = (*flag.captures[: MAX_CAPTURES - 1], newest.capture_id)
    return replace(
        flag,
        last_seen_at=newest.at,
        score=max(flag.score, score),
        captures=captures,
        severity=rule.escalated if grown else flag.severity,
    )
