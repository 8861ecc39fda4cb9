"""A stretch of pictures to flags, with the pipeline and the rules over time that the product has."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.monitoring.baseline import (
    EMPTY_HISTORY,
    Baseline,
    ViewHistory,
    update_history,
)
from chalicelib.domain.monitoring.flags import apply_observation
from chalicelib.domain.monitoring.monitor_state import Flag, MonitorState
from chalicelib.domain.monitoring.standing import SeenThings
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.rules.profiles import MonitoringProfile
from chalicelib.domain.types import SECOND, Medium, Millis, View
from functions.vision.boxes import FloatArray, observed_box
from functions.vision.pipeline import FrameAnalysis, VisionPipeline

BEGIN: Millis = 1_800_000_000_000
_SESSION = "5e55"

type Analyze = Callable[[bytes, ViewHistory], FrameAnalysis]


def moment(snapshot: int, interval: int) -> Millis:
    """Return when a snapshot is taken; *interval* is seconds between two."""
    return BEGIN + snapshot * interval * SECOND


def cached_analysis(
    pipeline: VisionPipeline, view: View, reference: FloatArray | None = None
) -> Analyze:
    """Return a view's analysis of a frame against a history.

    Equal frames are analysed once per scene signature, baseline and what stands: whole hours take
    minutes. What changes with every picture (stillness and liveness) is not simulated.
    """

    @cache
    def analyze(
        frame: bytes, scene: str | None, baseline: Baseline | None, seen: SeenThings
    ) -> FrameAnalysis:
        known = ViewHistory(scene=scene, baseline=baseline, liveness_at=BEGIN, seen=seen)
        return pipeline.analyze(
            frame, view=view.value, reference=reference, history=known, at=BEGIN
        )

    return lambda frame, history: analyze(
        frame, history.scene, history.baseline, SeenThings(history.seen.standing)
    )


def observe(
    pipeline: VisionPipeline,
    frames: Iterable[bytes],
    view: View,
    interval: int,
    reference: FloatArray | None = None,
) -> list[Observation]:
    """Analyse a view's snapshots in their order, each against the history of those before."""
    analyze = cached_analysis(pipeline, view, reference)
    history, observations = EMPTY_HISTORY, list[Observation]()
    for snapshot, frame in enumerate(frames):
        analysis = analyze(frame, history)
        observation = observation_of(analysis, view, moment(snapshot, interval))
        history = update_history(history, observation, analysis.signatures, answering=True)
        observations.append(observation)
    return observations


def observation_of(analysis: FrameAnalysis, view: View, at: Millis) -> Observation:
    """Return what the vision function would store of a snapshot."""
    capture_id = make_capture_id(at, "abc")
    boxes = (observed_box(box) for box in (*analysis.faces, *analysis.persons))
    return Observation(
        session_id=_SESSION,
        capture_id=capture_id,
        view=view,
        medium=Medium.PICTURE,
        captured_at=at,
        arrived_at=at + SECOND,
        key=f"snapshots/{view}/{_SESSION}/{capture_id}",
        findings=analysis.findings,
        boxes=tuple(boxes),
        similarity=analysis.similarity,
        measures=analysis.measures,
    )


def flags_of(observations: Sequence[Observation], profile: MonitoringProfile) -> list[Flag]:
    """Return every flag that a profile's rules raise, as it is after the last observation."""
    monitor, flags = MonitorState(_SESSION, "room-1", 1), dict[str, Flag]()
    for observation in observations:
        update = apply_observation(monitor, observation, profile, flagging=True)
        monitor = update.monitor
        flags |= {flag.flag_id: flag for flag in update.flags}
    return sorted(flags.values(), key=lambda flag: (flag.opened_at, flag.kind))
