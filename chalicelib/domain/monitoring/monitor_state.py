"""What is remembered of one session between two captures: its Watch, and how it is changed.

Per stream the last few observations, the flags that are open, the latest pictures, and which
planned captures are still awaited. Each function returns a new Watch; nothing here reads a clock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from chalicelib.domain.capture.captures import UPLOAD_GRACE, CapturePlan, CaptureSchedule
from chalicelib.domain.monitoring.baseline import EMPTY_HISTORY, ViewHistory, forget_scene
from chalicelib.domain.rules.findings import SELF_CORRECTABLE, Finding, FindingKind, Observation
from chalicelib.domain.rules.profiles import FlagRule, MonitoringProfile, Severity
from chalicelib.domain.types import Medium, Millis, View

MAX_TRACES = 12
MAX_EXPECTED = 40


@dataclass(frozen=True, slots=True)
class Flag:
    """A behaviour with begin and end; opened and closed by the rules, reviewed by a person.

    `captures` are the observations that caused it, the first ones and the latest; `why` is the
    cause of one that no picture shows.
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


@dataclass(frozen=True, slots=True)
class ObservationTrace:
    """What one folded observation showed, kept short."""

    capture_id: str
    at: Millis
    findings: tuple[Finding, ...]

    def score(self, kind: FindingKind) -> float | None:
        """Return the kind's score here, or None where it was not found."""
        return next((finding.score for finding in self.findings if finding.kind is kind), None)


@dataclass(frozen=True, slots=True)
class ExpectedCapture:
    """A planned capture that has not come yet."""

    capture_id: str
    due_at: Millis


@dataclass(frozen=True, slots=True)
class CaptureStream:
    """One view's pictures or sound: the last observations, newest last, and what is awaited."""

    traces: tuple[ObservationTrace, ...] = ()
    expected: tuple[ExpectedCapture, ...] = ()
    planned_until: Millis = 0


@dataclass(frozen=True, slots=True)
class LatestCapture:
    """The newest picture of a view, as the proctor's wall shows it."""

    capture_id: str
    at: Millis
    key: str
    findings: tuple[Finding, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class MonitorState:
    """What is remembered of one session between two captures.

    `reference` is the embedding of the candidate's verified photo, Base64 of 128 float32.
    `wake_at` is when the clock should look at it, if nothing arrives until then.
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
    """When the first view's device last gave a word, since the clock runs; see `outages`."""


def stream_name(view: View, medium: Medium) -> str:
    """Return the key of a stream in a watch."""
    return f"{view}/{medium}"


def expect(monitor: MonitorState, schedule: CaptureSchedule, plan: CapturePlan) -> MonitorState:
    """Remember a plan's captures as awaited."""
    name = stream_name(schedule.view, schedule.medium)
    stream = monitor.streams.get(name, CaptureStream())
    fresh = tuple(ExpectedCapture(capture.capture_id, capture.due_at) for capture in plan.captures)
    # Of too many the oldest are kept: asking for plans again and again hides no silence.
    awaited = (*stream.expected, *fresh)[:MAX_EXPECTED]
    planned = replace(stream, expected=awaited, planned_until=plan.ends_at)
    return with_stream(monitor, name, planned)


def start_expecting(monitor: MonitorState, views: Iterable[View], now: Millis) -> MonitorState:
    """Begin, or begin again, to want pictures of these views: silence counts from now on.

    What was planned before, for a waiting room or over a pause, is not missed any more. Where the
    cameras stand is accepted anew.
    """
    for view in views:
        name = stream_name(view, Medium.PICTURE)
        stream = monitor.streams.get(name, CaptureStream())
        awaited = tuple(capture for capture in stream.expected if capture.due_at > now)
        wanted = replace(stream, expected=awaited, planned_until=max(stream.planned_until, now))
        monitor = with_history(with_stream(monitor, name, wanted), view, forget_scene)
    return replace(next_version(monitor), last_contact_at=now)


def record_contact(monitor: MonitorState, at: Millis, least: Millis) -> MonitorState:
    """Note that the first view's device was there at a moment.

    What ends a silence of `least` leaves it to be seen: it is given back when the device calls.
    """
    if monitor.last_contact_at is None or not 0 < at - monitor.last_contact_at < least:
        return monitor
    return replace(monitor, last_contact_at=at)


def corrections_needed(monitor: MonitorState) -> tuple[FindingKind, ...]:
    """Return what the newest pictures ask the candidate to mend.

    Of the second view it is where the camera stands; what else it lacks, the phone's own page
    shows by its picture, and here it would be taken for the computer's camera.
    """
    return tuple(
        finding.kind
        for view, latest in sorted(monitor.latest.items())
        for finding in latest.findings
        if finding.kind in SELF_CORRECTABLE
        and (view is View.FIRST or finding.kind is FindingKind.CAMERA_MOVED)
    )


def schedule_wakeup(
    monitor: MonitorState, profile: MonitoringProfile, *, flagging: bool
) -> MonitorState:
    """Return the watch with `wake_at` set for what it awaits now."""
    rule = profile.rules.get(FindingKind.NO_SNAPSHOT)
    moments = [
        _expects_captures(monitor, view, profile, rule) for view in View if flagging and rule
    ]
    wanted = (moment for moment in moments if moment is not None)
    return replace(monitor, wake_at=min(wanted, default=None))


def _expects_captures(
    monitor: MonitorState, view: View, profile: MonitoringProfile, rule: FlagRule
) -> Millis | None:
    """Return when a view's silence opens a flag, or makes the open one more severe."""
    flag = open_flag(monitor, FindingKind.NO_SNAPSHOT, view)
    if flag is not None:
        return flag.began_at + rule.escalates_after if flag.severity < rule.escalated else None
    since = silent_since(monitor, view)
    return None if since is None else since + profile.missing_after + UPLOAD_GRACE


def silent_since(monitor: MonitorState, view: View) -> Millis | None:
    """Return the moment of the first picture that is awaited, else the end of the last plan.

    A device that stops asking for plans is as silent as one that stops sending pictures.
    """
    stream = monitor.streams.get(stream_name(view, Medium.PICTURE))
    if stream is None or stream.planned_until == 0:
        return None
    if stream.expected:
        return stream.expected[0].due_at
    shown = monitor.latest.get(view)
    return max(stream.planned_until, shown.at if shown else 0)


def open_flag(monitor: MonitorState, kind: FindingKind, view: View) -> Flag | None:
    """Return the open flag of a kind and view, if there is one."""
    return next(
        (flag for flag in monitor.open_flags if flag.kind is kind and flag.view is view), None
    )


def with_stream(monitor: MonitorState, name: str, stream: CaptureStream) -> MonitorState:
    """Return the watch with another stream of that name."""
    return replace(monitor, streams={**monitor.streams, name: stream})


def with_history(
    monitor: MonitorState, view: View, change: Callable[[ViewHistory], ViewHistory]
) -> MonitorState:
    """Return the watch with the memory of a view changed; one that stays empty is not kept."""
    changed = change(monitor.histories.get(view, EMPTY_HISTORY))
    if changed == EMPTY_HISTORY:
        return monitor
    return replace(monitor, histories={**monitor.histories, view: changed})


def with_latest(monitor: MonitorState, observation: Observation) -> MonitorState:
    """Return the watch with its latest picture, unless it has a newer one."""
    if observation.medium is not Medium.PICTURE:
        return monitor
    shown = monitor.latest.get(observation.view)
    if shown is not None and shown.at > observation.captured_at:
        return monitor
    latest = LatestCapture(
        observation.capture_id,
        observation.captured_at,
        observation.key,
        observation.findings,
        observation.error,
    )
    return replace(monitor, latest={**monitor.latest, observation.view: latest})


def with_flags(monitor: MonitorState, changed: tuple[Flag, ...]) -> MonitorState:
    """Return the watch after flags opened, changed or closed."""
    ids = {flag.flag_id for flag in changed}
    kept = tuple(flag for flag in monitor.open_flags if flag.flag_id not in ids)
    still = tuple(flag for flag in changed if flag.ended_at is None)
    return replace(monitor, open_flags=(*kept, *still))


def next_version(monitor: MonitorState) -> MonitorState:
    """Return the watch as the next version, to be written over this one."""
    return replace(monitor, version=monitor.version + 1)
