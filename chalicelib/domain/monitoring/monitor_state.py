"""The monitor state: what is stored of a session between two captures.

For each stream the latest observations and the captures still expected; the open flags; the latest
pictures. Each function returns a new state; nothing here reads a clock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from chalicelib.domain.capture.captures import (
    CLIPS_FIRST,
    LEAD_TIME,
    PLAN_LENGTH,
    CapturePlan,
    CaptureSchedule,
    due_at_from_id,
    schedule_of,
)
from chalicelib.domain.errors import TooMany
from chalicelib.domain.monitoring.arrivals import (
    Arrivals,
    horizon,
    unplanned_moments,
    with_moments,
)
from chalicelib.domain.monitoring.baseline import EMPTY_HISTORY, ViewHistory, forget_scene
from chalicelib.domain.rules.findings import SELF_CORRECTABLE, Finding, FindingKind, Observation
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import LocalizedText, Medium, Millis, View

MAX_TRACES = 12
MAX_PLANS = 6
"""Capture plans of one stream within a minute, each of which covers one."""
MAX_EXPECTED = 48

MUTED_CLIPS = 2
"""So many silent clips in a row, and the candidate is asked to unmute."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A behaviour with begin and end; opened and closed by the rules, reviewed by a proctor.

    `captures` are those that show it: the first ones and the latest. `exit_signal` is the signal
    of a page exit, which no capture shows.
    """

    flag_id: str
    session_id: str
    room_id: str
    kind: FindingKind
    view: View
    severity: Severity
    began_at: Millis
    opened_at: Millis
    last_seen_at: Millis
    ended_at: Millis | None = None
    score: float = 0.0
    captures: tuple[str, ...] = ()
    exit_signal: str | None = None
    detail: str = ""
    """What no capture shows: both addresses of a device, a camera's name, another candidate's number."""


@dataclass(frozen=True, slots=True)
class ObservationTrace:
    """What is kept of an applied observation."""

    capture_id: str
    at: Millis
    findings: tuple[Finding, ...]

    def score(self, kind: FindingKind) -> float | None:
        """Return the score of a kind, or None if it was not found."""
        return next((finding.score for finding in self.findings if finding.kind is kind), None)


@dataclass(frozen=True, slots=True)
class ExpectedCapture:
    """A planned capture that has not arrived yet; its id begins with its moment."""

    capture_id: str

    @property
    def due_at(self) -> Millis:
        """The planned moment."""
        return due_at_from_id(self.capture_id)


@dataclass(frozen=True, slots=True)
class CaptureStream:
    """One view's pictures or sound: the latest observations, oldest first, and what is expected."""

    traces: tuple[ObservationTrace, ...] = ()
    expected: tuple[ExpectedCapture, ...] = ()
    planned_until: Millis = 0
    planned_at: tuple[Millis, ...] = ()
    arrivals: Arrivals = field(default_factory=Arrivals)


@dataclass(frozen=True, slots=True)
class LatestCapture:
    """The latest picture of a view, shown on the proctor's wall."""

    capture_id: str
    at: Millis
    key: str
    findings: tuple[Finding, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class MonitorState:
    """What is stored of a session between two captures.

    `reference` is the embedding of the candidate's verified photo, Base64 of 128 float32.
    `wake_at` is when the scheduler must process the session if nothing arrives before.
    """

    session_id: str
    room_id: str
    version: int
    streams: dict[str, CaptureStream] = field(default_factory=dict)
    open_flags: tuple[Flag, ...] = ()
    latest: dict[View, LatestCapture] = field(default_factory=dict)
    reference: str | None = None
    histories: dict[View, ViewHistory] = field(default_factory=dict)
    wake_at: Millis | None = None
    last_contact_at: Millis | None = None
    """The last contact of the first view's device since answering began; see `rules.outages`."""
    faces_compared: bool = True
    """False since consent was withdrawn: then no picture opens, or clears, `identity_mismatch`."""


def stream_name(view: View, medium: Medium) -> str:
    """Return the key of a stream in `MonitorState.streams`."""
    return f"{view}/{medium}"


def expect(monitor: MonitorState, schedule: CaptureSchedule, plan: CapturePlan) -> MonitorState:
    """Add a plan's captures to the expected ones.

    Moments that passed between the last plan and this one, unplanned, brought nothing.
    """
    name = stream_name(schedule.view, schedule.medium)
    stream = monitor.streams.get(name, CaptureStream())
    if stream.planned_until:
        passed = unplanned_moments(schedule, stream.planned_until, plan.begins_at)
        stream = replace(stream, arrivals=with_moments(stream.arrivals, schedule, *passed))
    recent = tuple(
        capture
        for capture in stream.expected
        if capture.due_at > plan.begins_at - horizon(schedule)
    )
    additional = tuple(ExpectedCapture(capture.capture_id) for capture in plan.captures)
    # The oldest are kept: requesting plans repeatedly must not hide that captures are missing.
    expected = (*recent, *additional)[:MAX_EXPECTED]
    stream = replace(stream, expected=expected, planned_until=plan.ends_at)
    return with_stream(monitor, name, stream)


def count_plan(stream: CaptureStream, now: Millis) -> CaptureStream:
    """Return a stream for which one more plan is made. Raises TooMany beyond MAX_PLANS a minute.

    A plan covers a minute: only a page that is loaded again and again asks for more, or one that
    collects forms to choose among.
    """
    recent = tuple(at for at in stream.planned_at if at > now - PLAN_LENGTH)
    if len(recent) >= MAX_PLANS:
        raise TooMany(
            LocalizedText(
                "抓拍计划请求过于频繁，请稍后再试。",
                "Too many capture plans were requested. Wait a moment.",
            )
        )
    return replace(stream, planned_at=(*recent, now))


def drop_plan(monitor: MonitorState, schedule: CaptureSchedule, now: Millis) -> MonitorState:
    """Expect no more of the current plan: the device has lost it, and gets another from now on."""
    name = stream_name(schedule.view, schedule.medium)
    stream = monitor.streams.get(name, CaptureStream())
    kept = tuple(capture for capture in stream.expected if capture.due_at < now + LEAD_TIME)
    return with_stream(monitor, name, replace(stream, expected=kept))


def start_expecting(monitor: MonitorState, views: Iterable[View], now: Millis) -> MonitorState:
    """Start, or restart, expecting captures: pictures of these views, and sound.

    Silence counts from now on: captures that were due before, in the waiting room or during a
    pause, are no longer expected. The cameras' present positions become the reference.
    """
    for view in views:
        monitor = _restart_stream(monitor, schedule_of(view, Medium.PICTURE), now)
        monitor = with_history(monitor, view, forget_scene)
    monitor = _restart_stream(monitor, CLIPS_FIRST, now)
    for view in View:
        monitor = _restart_recorded_sound(monitor, view, now)
    return replace(next_version(monitor), last_contact_at=now)


def _restart_recorded_sound(monitor: MonitorState, view: View, now: Millis) -> MonitorState:
    """Let no segment count that began before now, in the waiting room or during a pause."""
    name = stream_name(view, Medium.RECORDED_SOUND)
    return with_stream(monitor, name, CaptureStream(arrivals=Arrivals(usable_at=now)))


def _restart_stream(monitor: MonitorState, schedule: CaptureSchedule, now: Millis) -> MonitorState:
    name = stream_name(schedule.view, schedule.medium)
    stream = monitor.streams.get(name, CaptureStream())
    expected = tuple(capture for capture in stream.expected if capture.due_at > now)
    stream = replace(
        stream,
        expected=expected,
        planned_until=max(stream.planned_until, now),
        arrivals=Arrivals(usable_at=now),
    )
    return with_stream(monitor, name, stream)


def record_contact(monitor: MonitorState, at: Millis, min_outage: Millis) -> MonitorState:
    """Record contact with the first view's device.

    A contact that ends a silence of at least `min_outage` is not recorded, so that the outage is
    still measurable when the device reconnects and is then credited.
    """
    if monitor.last_contact_at is None or not 0 < at - monitor.last_contact_at < min_outage:
        return monitor
    return replace(monitor, last_contact_at=at)


def corrections_needed(monitor: MonitorState) -> tuple[FindingKind, ...]:
    """Return what the candidate has to correct, by the latest pictures and clips.

    Of the second view only a moved camera: the phone's own page shows its other problems, and on
    the computer they would be mistaken for those of the computer's camera.
    """
    seen = tuple(
        finding.kind
        for view, latest in sorted(monitor.latest.items())
        for finding in latest.findings
        if finding.kind in SELF_CORRECTABLE
        and (view is View.FIRST or finding.kind is FindingKind.CAMERA_MOVED)
    )
    return (*seen, FindingKind.MUTED) if _seems_muted(monitor) else seen


def _seems_muted(monitor: MonitorState) -> bool:
    """Return whether the last two clips were silent: a single one may be a moment's pause."""
    stream = monitor.streams.get(stream_name(View.FIRST, Medium.SOUND), CaptureStream())
    last = stream.traces[-MUTED_CLIPS:]
    return len(last) == MUTED_CLIPS and all(trace.score(FindingKind.MUTED) for trace in last)


def has_sent_picture(monitor: MonitorState, view: View) -> bool:
    """Return whether a picture that could be read has arrived of a view in this attempt."""
    stream = monitor.streams.get(stream_name(view, Medium.PICTURE))
    return stream is not None and bool(stream.traces)


def open_flag(monitor: MonitorState, kind: FindingKind, view: View) -> Flag | None:
    """Return the open flag of a kind and view, or None."""
    return next(
        (flag for flag in monitor.open_flags if flag.kind is kind and flag.view is view), None
    )


def with_stream(monitor: MonitorState, name: str, stream: CaptureStream) -> MonitorState:
    """Return the state with a stream replaced."""
    return replace(monitor, streams={**monitor.streams, name: stream})


def with_history(
    monitor: MonitorState, view: View, change: Callable[[ViewHistory], ViewHistory]
) -> MonitorState:
    """Return the state with the history of a view history; an empty history is not stored."""
    history = change(monitor.histories.get(view, EMPTY_HISTORY))
    if history == EMPTY_HISTORY:
        return monitor
    return replace(monitor, histories={**monitor.histories, view: history})


def with_latest(monitor: MonitorState, observation: Observation) -> MonitorState:
    """Return the state with a view's latest picture, unless it has a newer one."""
    if observation.medium is not Medium.PICTURE:
        return monitor
    newest = monitor.latest.get(observation.view)
    if newest is not None and newest.at > observation.captured_at:
        return monitor
    latest = LatestCapture(
        observation.capture_id,
        observation.captured_at,
        observation.key,
        observation.findings,
        observation.error,
    )
    return replace(monitor, latest={**monitor.latest, observation.view: latest})


def with_flags(monitor: MonitorState, flags: tuple[Flag, ...]) -> MonitorState:
    """Return the state after flags opened, changed or closed."""
    ids = {flag.flag_id for flag in flags}
    others = tuple(flag for flag in monitor.open_flags if flag.flag_id not in ids)
    still_open = tuple(flag for flag in flags if flag.ended_at is None)
    return replace(monitor, open_flags=(*others, *still_open))


def next_version(monitor: MonitorState) -> MonitorState:
    """Return the state in its next version, to be written over this one."""
    return replace(monitor, version=monitor.version + 1)
