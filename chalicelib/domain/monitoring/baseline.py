"""What is remembered of one view's pictures, so that a picture can be judged against those before.

The calm beginning of answering teaches how this candidate usually looks on this camera (`Usual`);
the second view's framing is where the room was when answering began; a still face has not stirred
since a moment. Pure rules; what is measured comes from the models.

Nobody can teach that misbehaviour is normal: only pictures with one face, like the verified photo
and without any finding, count; only those of the first minutes; each value is bounded; and once
learnt it stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, View

MIN_SAMPLES = 12
MIN_MEASURES = 6
"""So many calm pictures teach; where the time is over, fewer do."""
CALM_TIME: Millis = 5 * MINUTE
SAME_PERSON = 0.37
"""A calm face is at least so like the verified photo (cosine)."""
MAX_YAW = 12.0
MAX_NOSE = 0.12
"""How far aside the usual bearing may be learnt: degrees, and distances between the eyes."""
MAX_LIVENESS_SCORES = 6
LIVENESS_INTERVAL: Millis = 15 * SECOND
"""A face that seems alive is asked again only after a while."""
DOUBTFUL_LIVENESS = 0.05
"""Below this a face seems not alive."""


@dataclass(frozen=True, slots=True)
class CalmSample:
    """What one calm picture measured. Angles in degrees, light 0..255, the rest 0..1."""

    yaw: float
    nose: float
    light: float
    similarity: float
    live: float | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """How a candidate usually looks on this camera: medians of the calm pictures, bounded."""

    yaw: float
    nose: float
    light: float
    similarity: float
    live: float | None


@dataclass(frozen=True, slots=True)
class ViewHistory:
    """What is remembered of one view's pictures.

    `framing` and `face` are the vision function's own signatures; `face` has not changed since
    `still_since`. `lives` are the last answers to whether the face is alive, asked at `lives_at`.
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


EMPTY_HISTORY = ViewHistory()


@dataclass(frozen=True, slots=True)
class FrameSignatures:
    """What a picture leaves to be remembered: its framing, and its face where that has stirred."""

    scene: str | None = None
    face: str | None = None


NO_SIGNATURES = FrameSignatures()


def needs_liveness_check(history: ViewHistory, at: Millis) -> bool:
    """Whether a picture should be asked for a living face: rarely while there is no doubt."""
    began = history.calm_since
    learning = history.baseline is None and (began is None or at - began <= CALM_TIME)
    doubtful = bool(history.liveness_scores) and history.liveness_scores[-1] < DOUBTFUL_LIVENESS
    return learning or doubtful or at - history.liveness_at >= LIVENESS_INTERVAL


def update_history(
    history: ViewHistory, observation: Observation, signatures: FrameSignatures, *, answering: bool
) -> ViewHistory:
    """Take in what a picture leaves. One older than what is remembered changes nothing."""
    unread = observation.error is not None or observation.medium is not Medium.PICTURE
    if unread or observation.captured_at <= history.at:
        return history
    after = _with_liveness(
        _with_face(replace(history, at=observation.captured_at), signatures), observation
    )
    if not answering:
        return after
    framed = after if after.scene else replace(after, scene=_next_scene(observation, signatures))
    return _learning(framed, observation) if observation.view is View.FIRST else framed


def forget_scene(history: ViewHistory) -> ViewHistory:
    """Return the memory without its framing: the next picture that shows somebody gives a new one."""
    return replace(history, scene=None)


def _with_face(history: ViewHistory, signatures: FrameSignatures) -> ViewHistory:
    if signatures.face is None:
        return history
    return replace(history, face=signatures.face, still_since=history.at)


def _with_liveness(history: ViewHistory, observation: Observation) -> ViewHistory:
    live = (observation.measures or {}).get("live")
    if live is None:
        return history
    return replace(
        history,
        liveness_scores=(*history.liveness_scores, live)[-MAX_LIVENESS_SCORES:],
        liveness_at=history.at,
    )


def _next_scene(observation: Observation, signatures: FrameSignatures) -> str | None:
    """A framing is accepted while one person is seen in it and nothing is wrong."""
    alone = sum(box.label == "person" for box in observation.boxes) == 1
    return signatures.scene if alone and not observation.findings else None


def _learning(history: ViewHistory, observation: Observation) -> ViewHistory:
    if history.baseline is not None:
        return history
    since = observation.captured_at if history.calm_since is None else history.calm_since
    over = observation.captured_at - since > CALM_TIME
    if over and history.calm_since is not None and not history.calm_samples:
        return history
    calm = _calm_sample(observation)
    pictures = history.calm_samples if over or calm is None else (*history.calm_samples, calm)
    learnt = len(pictures) >= (MIN_MEASURES if over else MIN_SAMPLES)
    return replace(
        history,
        calm_since=since,
        calm_samples=() if learnt or over else pictures,
        baseline=_baseline_of(pictures) if learnt else None,
    )


def _calm_sample(observation: Observation) -> CalmSample | None:
    """Return what a picture teaches, if it is a calm one."""
    measures, similarity = observation.measures or {}, observation.similarity
    alone = sum(box.label == "face" for box in observation.boxes) == 1
    bearing = {"yaw", "nose", "light"} <= measures.keys()
    if (
        observation.findings
        or not alone
        or not bearing
        or similarity is None
        or similarity < SAME_PERSON
    ):
        return None
    return CalmSample(
        yaw=measures["yaw"],
        nose=measures["nose"],
        light=measures["light"],
        similarity=round(similarity, 3),
        live=measures.get("live"),
    )


def _baseline_of(pictures: Iterable[CalmSample]) -> Baseline:
    several = tuple(pictures)
    lives = [sample.live for sample in several if sample.live is not None]
    return Baseline(
        yaw=_within(median(sample.yaw for sample in several), MAX_YAW),
        nose=_within(median(sample.nose for sample in several), MAX_NOSE),
        light=round(median(sample.light for sample in several), 1),
        similarity=round(median(sample.similarity for sample in several), 3),
        live=round(median(lives), 3) if lives else None,
    )


def _within(value: float, most: float) -> float:
    return round(max(-most, min(most, value)), 3)
