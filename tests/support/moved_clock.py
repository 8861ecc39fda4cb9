"""Time that passes for one deployed session: what its monitor state holds is moved into the past.

The deployed clock cannot be moved. What was planned becomes older instead, ids and all, so that the
clock's next look finds it as if so many seconds had gone by without a word.
"""

from dataclasses import replace

from chalicelib.domain.capture.captures import SCHEDULES, make_capture_id
from chalicelib.domain.monitoring.arrivals import Arrivals, moments_of, with_moments
from chalicelib.domain.monitoring.monitor_state import (
    CaptureStream,
    ExpectedCapture,
    stream_name,
)
from chalicelib.domain.types import Millis
from chalicelib.retry import retry_on_conflict
from tests.support.deployed_exam import ApiClient, DeployedExam
from tests.support.events import event
from tests.support.polling import wait_for


def let_pass(deployed: DeployedExam, person: ApiClient, span: Millis) -> None:
    """Let a span go by for somebody's monitor state."""

    def attempt() -> None:
        monitor = deployed.context.sessions.bundle(person.session_id).monitor
        streams = {name: _older(name, stream, span) for name, stream in monitor.streams.items()}
        now = deployed.context.clock()
        moved = replace(monitor, streams=streams, version=monitor.version + 1, wake_at=now)
        deployed.context.sessions.commit(moved)

    retry_on_conflict(attempt)


def run_scheduler(deployed: DeployedExam, person: ApiClient) -> None:
    """Let the deployed scheduler process somebody, unless it did already."""
    clock, sessions = deployed.context.clock, deployed.context.sessions
    wait_for(
        lambda: (
            person.session_id in sessions.due_sessions(clock()) or sessions.flags(person.session_id)
        ),
        "the wake-up",
    )
    deployed.invoke("tick", event("schedule"))


def _older(name: str, stream: CaptureStream, span: Millis) -> CaptureStream:
    expected = (
        ExpectedCapture(make_capture_id(capture.due_at - span, capture.capture_id.split("-")[1]))
        for capture in stream.expected
    )
    arrivals = stream.arrivals
    moments = [replace(moment, due_at=moment.due_at - span) for moment in moments_of(arrivals)]
    older = Arrivals(max(arrivals.usable_at - span, 0))
    schedule = next(
        (schedule for schedule in SCHEDULES if name == stream_name(schedule.view, schedule.medium)),
        None,
    )
    return replace(
        stream,
        expected=tuple(expected),
        planned_until=max(stream.planned_until - span, 0),
        # What nobody asked for by a schedule, recorded sound, has no moments.
        arrivals=with_moments(older, schedule, *moments) if schedule else older,
    )
