"""Speech in recorded sound: whose word counts, the recording's or the clips', and when none does.

Both hear the same microphone. Recorded sound is heard without a break, so its word counts where it
flows; where it does not, the clips' does. No second counts twice: a segment counts if it is newer
than all that counted before, and a clip if no segment of the last minute did. What arrives late is
on record, and opens no flag: a flag says what happens now.
"""

from dataclasses import replace

from chalicelib.domain.capture.captures import CLIPS_FIRST
from chalicelib.domain.monitoring.monitor_state import (
    MAX_TRACES,
    CaptureStream,
    MonitorState,
    ObservationTrace,
    stream_name,
    with_stream,
)
from chalicelib.domain.recording.segments import SEGMENT_LENGTH
from chalicelib.domain.rules.findings import SPOKEN_KINDS, Observation
from chalicelib.domain.types import MINUTE, Medium, Millis, View

FLOWS_FOR: Millis = MINUTE
"""So long after a segment that counted the recording still flows."""

LATE_AFTER: Millis = MINUTE
"""A segment that arrives so long after its end is late."""

SPEECH_ON_LATE_RECORDING = "speech_on_late_recording"
"""Audited of a late segment in which somebody speaks."""


def is_late(observation: Observation) -> bool:
    """Return whether recorded sound arrived too late to tell what happens now."""
    ended_at = observation.captured_at + SEGMENT_LENGTH
    return (
        observation.medium is Medium.RECORDED_SOUND
        and observation.arrived_at > ended_at + LATE_AFTER
    )


def is_spoken_for(monitor: MonitorState, observation: Observation) -> bool:
    """Return whether a clip's speech does not count, because the recording's does."""
    if observation.medium is not Medium.SOUND:
        return False
    newest = _newest_segment(monitor, observation.view)
    return newest is not None and _flows(newest, observation.captured_at)


def without_recorded_speech(
    monitor: MonitorState, observation: Observation, traces: tuple[ObservationTrace, ...]
) -> tuple[ObservationTrace, ...]:
    """Return the traces of a clip's stream, without the speech in seconds that are on record."""
    newest = _newest_segment(monitor, observation.view)
    if observation.medium is not Medium.SOUND or newest is None:
        return traces
    heard_until = newest + SEGMENT_LENGTH
    return tuple(_unspoken(trace) if trace.at < heard_until else trace for trace in traces)


def _unspoken(trace: ObservationTrace) -> ObservationTrace:
    findings = (finding for finding in trace.findings if finding.kind not in SPOKEN_KINDS)
    return replace(trace, findings=tuple(findings))


def counts(monitor: MonitorState, observation: Observation) -> bool:
    """Return whether recorded sound counts: in time, newer than the last, and not told by a clip."""
    stream = _stream(monitor, observation.view)
    if is_late(observation) or observation.captured_at < stream.arrivals.usable_at:
        return False
    newest, clip_at = _newest_segment(monitor, observation.view), _newest_clip(monitor, observation)
    if newest is not None and observation.captured_at <= newest:
        return False
    if clip_at is None or (newest is not None and _flows(newest, clip_at)):
        return True
    return observation.captured_at >= clip_at + CLIPS_FIRST.length


def with_recorded_sound(
    monitor: MonitorState, observation: Observation
) -> tuple[MonitorState, tuple[ObservationTrace, ...]]:
    """Return the state after a segment that counts, and the unbroken stretch that it ends."""
    stream, at = _stream(monitor, observation.view), observation.captured_at
    spoken = tuple(finding for finding in observation.findings if finding.kind in SPOKEN_KINDS)
    before = stream.traces if stream.traces and _flows(stream.traces[-1].at, at) else ()
    traces = (*before, ObservationTrace(observation.capture_id, at, spoken))[-MAX_TRACES:]
    name = stream_name(observation.view, Medium.RECORDED_SOUND)
    return with_stream(monitor, name, replace(stream, traces=traces)), traces


def _stream(monitor: MonitorState, view: View) -> CaptureStream:
    return monitor.streams.get(stream_name(view, Medium.RECORDED_SOUND), CaptureStream())


def _newest_segment(monitor: MonitorState, view: View) -> Millis | None:
    traces = _stream(monitor, view).traces
    return traces[-1].at if traces else None


def _newest_clip(monitor: MonitorState, observation: Observation) -> Millis | None:
    stream = monitor.streams.get(stream_name(observation.view, Medium.SOUND), CaptureStream())
    return stream.traces[-1].at if stream.traces else None


def _flows(newest: Millis, at: Millis) -> bool:
    return at <= newest + FLOWS_FOR
