"""The personal baseline: the history of one view, which new pictures are compared with.

Calm pictures at the beginning of answering calibrate how this candidate usually looks on this
camera (`Baseline`). The second view's scene signature shows whether the camera was moved. A face
signature that does not change for long is a frozen picture. Pure rules; the models measure.

Misbehaviour cannot become the baseline: only pictures with one face, similar to the verified photo
and without findings count; only those of the first minutes; each value is bounded; and once
calibrated the baseline does not change. A bent head alone is no reason against it: under a camera
that stands high, every head is bent.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

from chalicelib.domain.monitoring.standing import NO_THINGS, SeenThings, with_picture
from chalicelib.domain.rules.findings import FindingKind, Observation, ObservedBox
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, View

MIN_SAMPLES = 12
MIN_MEASURES = 6
"""Calm pictures needed for a baseline: MIN_SAMPLES, or MIN_MEASURES once CALM_TIME is over."""
CALM_TIME: Millis = 5 * MINUTE
SAME_PERSON = 0.37
"""Minimum cosine similarity of a calm face to the verified photo."""
MAX_YAW = 12.0
MAX_NOSE = 0.12
MAX_PITCH = 15.0
MAX_GAZE = 0.05
"""Bounds of the baseline's head direction and gaze: degrees, multiples of the eye distance, and of an
eye's width."""
MAX_LIVENESS_SCORES = 6
LIVENESS_INTERVAL: Millis = 15 * SECOND
"""Minimum time between liveness checks while the last score was not doubtful."""
DOUBTFUL_LIVENESS = 0.05
"""Below this score a face may not be live."""


@dataclass(frozen=True, slots=True)
class CalmSample:
    """The measures of one calm picture: yaw and pitch in degrees, light 0..255, the rest 0..1.

    Samples from before pitch and gaze were kept have none; gaze is not measured in every picture.
    """

    yaw: float
    nose: float
    light: float
    similarity: float
    liveness: float | None = None
    pitch: float | None = None
    gaze: float | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """How a candidate usually looks on this camera: bounded medians of the calm pictures.

    `pitch` and `gaze` are None in baselines from before they were kept, `gaze` also where it could
    be measured in too few pictures.
    """

    yaw: float
    nose: float
    light: float
    similarity: float
    liveness: float | None
    pitch: float | None = None
    gaze: float | None = None


@dataclass(frozen=True, slots=True)
class ViewHistory:
    """The history of one view's pictures.

    `scene` and `face` are signatures of the vision function; `face` has not changed since
    `still_since`. `liveness_scores` are the latest ones, the last of them from `liveness_at`.
    """

    at: Millis = 0
    calm_since: Millis | None = None
    calm_samples: tuple[CalmSample, ...] = ()
    baseline: Baseline | None = None
    scene: str | None = None
    face: str | None = None
    still_since: Millis = 0
    liveness_scores: tuple[float, ...] = ()
    liveness_at: Millis = 0
    glance: str | None = None
    """Of the first view: its latest picture, tiny, to compare the second view's with."""
    seen: SeenThings = NO_THINGS
    """Things that stand, or may come to stand: see `standing`."""


EMPTY_HISTORY = ViewHistory()


@dataclass(frozen=True, slots=True)
class FrameSignatures:
    """Signatures to compare the next picture with; `face` is None if it has not changed.

    `glance` is what the other view's picture is compared with. `things` were found in the picture,
    those that stand included.
    """

    scene: str | None = None
    face: str | None = None
    glance: str | None = None
    things: tuple[ObservedBox, ...] = ()


NO_SIGNATURES = FrameSignatures()


def needs_liveness_check(history: ViewHistory, at: Millis) -> bool:
    """Return whether to check liveness now: always while calibrating or in doubt, else rarely."""
    began_at = history.calm_since
    calibrating = history.baseline is None and (began_at is None or at - began_at <= CALM_TIME)
    doubtful = bool(history.liveness_scores) and history.liveness_scores[-1] < DOUBTFUL_LIVENESS
    return calibrating or doubtful or at - history.liveness_at >= LIVENESS_INTERVAL


def update_history(
    history: ViewHistory, observation: Observation, signatures: FrameSignatures, *, answering: bool
) -> ViewHistory:
    """Apply a picture to the history. Idempotent; pictures older than the history are ignored."""
    unusable = observation.error is not None or observation.medium is not Medium.PICTURE
    if unusable or observation.captured_at <= history.at:
        return history
    after = _with_liveness(
        _with_face(replace(history, at=observation.captured_at), signatures), observation
    )
    if observation.view is View.FIRST:
        after = replace(after, glance=signatures.glance)
    after = _with_things(after, observation, signatures, answering=answering)
    if not answering:
        return after
    after = after if after.scene else replace(after, scene=_next_scene(observation, signatures))
    return _update_baseline(after, observation) if observation.view is View.FIRST else after


def forget_scene(history: ViewHistory) -> ViewHistory:
    """Return the history without its scene: the next picture of a person sets a new one."""
    return replace(history, scene=None)


def _with_face(history: ViewHistory, signatures: FrameSignatures) -> ViewHistory:
    if signatures.face is None:
        return history
    return replace(history, face=signatures.face, still_since=history.at)


def _with_things(
    history: ViewHistory, observation: Observation, signatures: FrameSignatures, *, answering: bool
) -> ViewHistory:
    """Learn what stands in the view, in the waiting room and until the calm beginning is over."""
    seen = history.seen
    if answering and seen.until is None:
        seen = replace(seen, until=observation.captured_at + CALM_TIME)
    persons = [box for box in observation.boxes if box.label == "person"]
    kinds = {finding.kind for finding in observation.findings}
    told = answering and FindingKind.STANDING_THING in kinds
    seen = with_picture(seen, signatures.things, persons, observation.captured_at, told=told)
    return replace(history, seen=seen)


def _with_liveness(history: ViewHistory, observation: Observation) -> ViewHistory:
    score = (observation.measures or {}).get("live")
    if score is None:
        return history
    return replace(
        history,
        liveness_scores=(*history.liveness_scores, score)[-MAX_LIVENESS_SCORES:],
        liveness_at=history.at,
    )


def _next_scene(observation: Observation, signatures: FrameSignatures) -> str | None:
    """Return the scene signature if exactly one person is visible and nothing was found."""
    alone = sum(box.label == "person" for box in observation.boxes) == 1
    return signatures.scene if alone and not observation.findings else None


def _update_baseline(history: ViewHistory, observation: Observation) -> ViewHistory:
    if history.baseline is not None:
        return history
    since = observation.captured_at if history.calm_since is None else history.calm_since
    over = observation.captured_at - since > CALM_TIME
    if over and history.calm_since is not None and not history.calm_samples:
        return history
    sample = _calm_sample(observation)
    samples = history.calm_samples if over or sample is None else (*history.calm_samples, sample)
    complete = len(samples) >= (MIN_MEASURES if over else MIN_SAMPLES)
    return replace(
        history,
        calm_since=since,
        calm_samples=() if complete or over else samples,
        baseline=_baseline_of(samples) if complete else None,
    )


def _calm_sample(observation: Observation) -> CalmSample | None:
    """Return the measures of a calm picture, or None if it is not calm."""
    measures, similarity = observation.measures or {}, observation.similarity
    alone = sum(box.label == "face" for box in observation.boxes) == 1
    complete = {"yaw", "nose", "light"} <= measures.keys()
    found = {finding.kind for finding in observation.findings}
    if (
        found - {FindingKind.LOOKING_DOWN}
        or not alone
        or not complete
        or similarity is None
        or similarity < SAME_PERSON
    ):
        return None
    return CalmSample(
        yaw=measures["yaw"],
        nose=measures["nose"],
        light=measures["light"],
        similarity=round(similarity, 3),
        liveness=measures.get("live"),
        pitch=measures.get("pitch"),
        gaze=measures.get("gaze"),
    )


def _baseline_of(calm_samples: Iterable[CalmSample]) -> Baseline:
    samples = tuple(calm_samples)
    scores = [sample.liveness for sample in samples if sample.liveness is not None]
    pitches = [sample.pitch for sample in samples if sample.pitch is not None]
    gazes = [sample.gaze for sample in samples if sample.gaze is not None]
    return Baseline(
        yaw=_clamp(median(sample.yaw for sample in samples), MAX_YAW),
        nose=_clamp(median(sample.nose for sample in samples), MAX_NOSE),
        light=round(median(sample.light for sample in samples), 1),
        similarity=round(median(sample.similarity for sample in samples), 3),
        liveness=round(median(scores), 3) if scores else None,
        pitch=_clamp(median(pitches), MAX_PITCH) if pitches else None,
        gaze=_clamp(median(gazes), MAX_GAZE) if len(gazes) >= MIN_MEASURES else None,
    )


def _clamp(value: float, limit: float) -> float:
    return round(max(-limit, min(limit, value)), 3)
