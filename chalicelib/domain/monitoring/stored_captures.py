"""Captures that lie in the bucket and wait to be judged: our own lateness, not the candidate's."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.domain.capture.captures import MAX_CLOCK_SKEW, CaptureSchedule, due_at_from_id
from chalicelib.domain.monitoring.arrivals import Moment, overdue_at, with_moments
from chalicelib.domain.monitoring.monitor_state import (
    CaptureStream,
    MonitorState,
    stream_name,
    with_stream,
)
from chalicelib.domain.types import SECOND, Millis


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """A capture that lies in the bucket: how large it is, and when it came."""

    capture_id: str
    size: int
    uploaded_at: Millis

    @property
    def is_too_early(self) -> bool:
        """Whether it was taken before its planned moment, and thus is no capture of it."""
        # S3 lists the time of an upload in whole seconds.
        return self.uploaded_at < due_at_from_id(self.capture_id) - MAX_CLOCK_SKEW - SECOND


def awaited_before(
    monitor: MonitorState, schedule: CaptureSchedule, now: Millis
) -> tuple[str, ...]:
    """Return the ids of a stream's captures whose moment is over and that are not judged yet."""
    stream = monitor.streams.get(stream_name(schedule.view, schedule.medium), CaptureStream())
    return tuple(capture.capture_id for capture in stream.expected if capture.due_at <= now)


def with_uploads(
    monitor: MonitorState, schedule: CaptureSchedule, uploads: Iterable[StoredUpload], now: Millis
) -> MonitorState:
    """Settle the moments whose captures lie in the bucket and wait for us to judge them.

    They count as arrived until it shows that they cannot be read; a file without a byte does at once.
    """
    name = stream_name(schedule.view, schedule.medium)
    stream = monitor.streams.get(name, CaptureStream())
    stored = {upload.capture_id: upload for upload in uploads}
    settled: dict[str, tuple[Moment, ...]] = {}
    for capture in stream.expected:
        upload = stored.get(capture.capture_id)
        if upload is None or capture.due_at > now or upload.is_too_early:
            continue
        in_time = upload.uploaded_at < overdue_at(schedule, capture.due_at)
        moment = Moment(capture.due_at, usable=upload.size > 0)
        settled[capture.capture_id] = (moment,) if in_time or not moment.usable else ()
    if not settled:
        return monitor
    moments = [moment for some in settled.values() for moment in some]
    waiting = tuple(capture for capture in stream.expected if capture.capture_id not in settled)
    arrivals = with_moments(stream.arrivals, schedule, *moments)
    # A late one counts neither way, but it is a capture all the same: it ends a silence.
    late = [due_at_from_id(capture_id) for capture_id, some in settled.items() if not some]
    arrivals = replace(arrivals, usable_at=max([arrivals.usable_at, *late]))
    return with_stream(monitor, name, replace(stream, expected=waiting, arrivals=arrivals))
