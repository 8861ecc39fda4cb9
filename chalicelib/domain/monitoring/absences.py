"""What did not come: the flags of captures that never arrived, and when the clock should look.

`note_arrival` takes in what came, `openings` says what is to be told at a moment, `next_look` when
that will be. Only the clock opens these flags: it can ask the bucket first whether the captures lie
there unjudged, which is our own lateness and nobody else's (`stored_captures`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from chalicelib.domain.capture.captures import (
    CLIPS_FIRST,
    SCHEDULES,
    CaptureSchedule,
    schedule_of,
)
from chalicelib.domain.monitoring.arrivals import (
    Absence,
    Moment,
    StreamOutlook,
    find_silence,
    find_thinning,
    forget_before,
    horizon,
    moments_of,
    overdue_at,
    recovered_at,
    with_moments,
)
from chalicelib.domain.monitoring.monitor_state import (
    CaptureStream,
    Flag,
    MonitorState,
    open_flag,
    stream_name,
    with_stream,
)
from chalicelib.domain.rules.findings import ARRIVAL_KINDS, FindingKind, Observation
from chalicelib.domain.rules.profiles import FlagRule, MonitoringProfile
from chalicelib.domain.types import Medium, Millis, View


def outlook(monitor: MonitorState, schedule: CaptureSchedule) -> StreamOutlook | None:
    """Return how a stream stands and goes on if nothing comes; None where nothing is asked of it."""
    stream = monitor.streams.get(stream_name(schedule.view, schedule.medium))
    if stream is None or stream.planned_until == 0:
        return None
    awaited = tuple(capture.due_at for capture in stream.expected)
    return StreamOutlook(schedule, stream.arrivals, awaited, stream.planned_until)


def openings(
    monitor: MonitorState,
    now: Millis,
    profile: MonitoringProfile,
    opening: Collection[FindingKind],
) -> tuple[tuple[CaptureSchedule, Flag], ...]:
    """Return the flags to be opened now, each with the stream that it is about."""
    return tuple(
        (schedule, _flag(monitor, kind, schedule, absence, now, profile.rules[kind]))
        for schedule, kind, absence in _absences(monitor, now, profile, opening)
        if absence.told_at <= now
    )


def escalations(
    monitor: MonitorState,
    now: Millis,
    profile: MonitoringProfile,
    opening: Collection[FindingKind],
) -> tuple[Flag, ...]:
    """Return the open flags of missing captures that become more severe now."""
    return tuple(
        replace(flag, severity=profile.rules[flag.kind].escalated, last_seen_at=now)
        for flag, at in _escalation_times(monitor, profile, opening)
        if at <= now
    )


def next_look(
    monitor: MonitorState, profile: MonitoringProfile, opening: Collection[FindingKind]
) -> Millis | None:
    """Return when a flag opens or becomes more severe if nothing comes until then, or None."""
    told = [absence.told_at for _, _, absence in _absences(monitor, None, profile, opening)]
    return min(
        [*told, *(at for _, at in _escalation_times(monitor, profile, opening))], default=None
    )


def _escalation_times(
    monitor: MonitorState, profile: MonitoringProfile, opening: Collection[FindingKind]
) -> Iterator[tuple[Flag, Millis]]:
    for flag in monitor.open_flags:
        rule = profile.rules.get(flag.kind)
        if rule and flag.kind in ARRIVAL_KINDS & set(opening) and flag.severity < rule.escalated:
            yield flag, flag.began_at + rule.escalates_after


def _absences(
    monitor: MonitorState,
    now: Millis | None,
    profile: MonitoringProfile,
    opening: Collection[FindingKind],
) -> Iterator[tuple[CaptureSchedule, FindingKind, Absence]]:
    """Return what is missing, or will be, and is not told by an open flag yet.

    At a moment `now`, a silence to be told then covers what else it explains.
    """
    silent = {flag.view for flag in monitor.open_flags if flag.kind is FindingKind.NO_SNAPSHOT}
    wanted = {
        kind: profile.rules[kind] for kind in ARRIVAL_KINDS & set(opening) & set(profile.rules)
    }
    for schedule in SCHEDULES:
        stream = outlook(monitor, schedule)
        if stream is None:
            continue
        for kind, absence in _absences_of(stream, wanted, profile):
            told = open_flag(monitor, kind, schedule.view) is not None
            covered = kind is not FindingKind.NO_SNAPSHOT and schedule.view in silent
            if told or covered:
                continue
            if kind is FindingKind.NO_SNAPSHOT and now is not None and absence.told_at <= now:
                silent.add(schedule.view)
            yield schedule, kind, absence


def _absences_of(
    stream: StreamOutlook, rules: Mapping[FindingKind, FlagRule], profile: MonitoringProfile
) -> Iterator[tuple[FindingKind, Absence]]:
    """Return what one stream lacks: silence first, then thinning."""
    thin = _thinning_kind(stream.schedule)
    found = {
        FindingKind.NO_SNAPSHOT: find_silence(stream, profile.missing_after)
        if FindingKind.NO_SNAPSHOT in rules and stream.schedule.medium is Medium.PICTURE
        else None,
        thin: find_thinning(stream, rules[thin]) if thin in rules else None,
    }
    yield from ((kind, absence) for kind, absence in found.items() if absence is not None)


def _thinning_kind(schedule: CaptureSchedule) -> FindingKind:
    sound = schedule.medium is Medium.SOUND
    return FindingKind.NO_SOUND if sound else FindingKind.CAPTURES_MISSING


def _flag(
    monitor: MonitorState,
    kind: FindingKind,
    schedule: CaptureSchedule,
    absence: Absence,
    now: Millis,
    rule: FlagRule,
) -> Flag:
    return Flag(
        flag_id=f"{absence.began_at:013d}-{schedule.view}-{kind}",
        session_id=monitor.session_id,
        room_id=monitor.room_id,
        kind=kind,
        view=schedule.view,
        severity=rule.severity,
        began_at=absence.began_at,
        opened_at=now,
        last_seen_at=now,
        score=1.0,
    )


def note_arrival(
    monitor: MonitorState, observation: Observation, profile: MonitoringProfile
) -> tuple[MonitorState, tuple[Flag, ...]]:
    """Settle the moment that a capture belongs to; return the flags that end with it.

    What could not be read has not arrived. What came too late for its moment counts neither way in
    the share of moments, but it is a picture all the same, and ends a silence.
    """
    schedule = schedule_of(observation.view, observation.medium)
    name = stream_name(schedule.view, schedule.medium)
    stream = monitor.streams.get(name, CaptureStream())
    at = observation.captured_at
    arrivals = with_moments(stream.arrivals, schedule, *_settled_by(stream, schedule, observation))
    if observation.error is None:
        arrivals = replace(arrivals, usable_at=max(arrivals.usable_at, at))
    expected = tuple(
        capture
        for capture in stream.expected
        if capture.capture_id != observation.capture_id and capture.due_at > at - horizon(schedule)
    )
    after = with_stream(monitor, name, replace(stream, expected=expected, arrivals=arrivals))
    return (after, ()) if observation.error is not None else _ended(after, schedule, at, profile)


def _settled_by(
    stream: CaptureStream, schedule: CaptureSchedule, observation: Observation
) -> tuple[Moment, ...]:
    at, error = observation.captured_at, observation.error is not None
    awaited = any(capture.capture_id == observation.capture_id for capture in stream.expected)
    # Of one that was found in the bucket before, it shows only now that it cannot be read.
    found = error and Moment(at, usable=True) in moments_of(stream.arrivals)
    if error:
        return (Moment(at, usable=False),) if awaited or found else ()
    in_time = observation.arrived_at < overdue_at(schedule, at)
    return (Moment(at, usable=True),) if awaited and in_time else ()


def _ended(
    monitor: MonitorState, schedule: CaptureSchedule, at: Millis, profile: MonitoringProfile
) -> tuple[MonitorState, tuple[Flag, ...]]:
    """End the flags of a stream that a usable capture ends, and forget what they have told."""
    ended: list[Flag] = []
    silence = open_flag(monitor, FindingKind.NO_SNAPSHOT, schedule.view)
    if silence is not None and schedule.medium is Medium.PICTURE and at >= silence.began_at:
        over_at = _first_usable(monitor, schedule, silence.began_at, at)
        ended.append(replace(silence, last_seen_at=over_at, ended_at=over_at))
        # While the device was gone its sound was too: that is told by now.
        beside = (schedule, CLIPS_FIRST) if schedule.view is View.FIRST else (schedule,)
        monitor = _forget(monitor, beside, over_at)
    kind = _thinning_kind(schedule)
    thinned, stream = open_flag(monitor, kind, schedule.view), outlook(monitor, schedule)
    if thinned is not None and stream is not None:
        rule = profile.rules.get(kind)
        since = recovered_at(stream, at, rule.clear if rule else 1)
        if since is not None and since >= thinned.began_at:
            ended.append(replace(thinned, last_seen_at=since, ended_at=since))
            monitor = _forget(monitor, (schedule,), since)
    return monitor, tuple(ended)


def _first_usable(
    monitor: MonitorState, schedule: CaptureSchedule, began_at: Millis, at: Millis
) -> Millis:
    stream = monitor.streams[stream_name(schedule.view, schedule.medium)]
    usable = [moment.due_at for moment in moments_of(stream.arrivals) if moment.usable]
    return min([at, *(due_at for due_at in usable if due_at >= began_at)])


def _forget(
    monitor: MonitorState, schedules: Iterable[CaptureSchedule], at: Millis
) -> MonitorState:
    for schedule in schedules:
        name = stream_name(schedule.view, schedule.medium)
        stream = monitor.streams.get(name)
        if stream is None or stream.planned_until == 0:
            continue
        told = replace(
            stream,
            expected=tuple(capture for capture in stream.expected if capture.due_at >= at),
            planned_until=max(stream.planned_until, at),
            arrivals=forget_before(stream.arrivals, at),
        )
        monitor = with_stream(monitor, name, told)
    return monitor
