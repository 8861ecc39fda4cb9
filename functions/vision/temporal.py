"""What a picture shows against those before it: rules for what no single picture can tell.

The framing, a face that does not stir, and the weak signals (a face that seems not alive, hands
out of sight) are judged here; what is remembered between pictures is `chalicelib.domain.monitoring.baseline`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from chalicelib.domain.monitoring.baseline import (
    DOUBTFUL_LIVENESS,
    MAX_LIVENESS_SCORES,
    Baseline,
    FrameSignatures,
    ViewHistory,
    needs_liveness_check,
)
from chalicelib.domain.rules.findings import Finding, FindingKind
from chalicelib.domain.types import MINUTE, Millis
from functions.vision.boxes import Box
from functions.vision.faces import FaceBox
from functions.vision.liveness import LivenessModel, can_judge_liveness
from functions.vision.pose import BodyPose, PoseEstimator
from functions.vision.scene_signature import (
    scene_signature,
    scene_similarity,
    thumbnail,
    thumbnail_change,
)

# Grey values by which a living face differs from itself minutes ago, at the least.
_MOVED = 0.7


@dataclass(frozen=True)
class SequenceThresholds:
    """From which measure on something counts; how they were chosen: models/cards/."""

    alike: float = 0.45  # of the framing: less is another one
    still: Millis = 5 * MINUTE  # for so long none does
    live: float = 0.02  # a face that seems not alive
    usually_live: float = 0.3  # on a camera on which faces seem alive at all
    arm: float = 0.5  # a shoulder and an elbow that are clearly seen
    hand: float = 0.28  # a hand that is


@dataclass(frozen=True)
class TemporalSignals:
    """How a picture compares: None where that was not asked, or cannot be told.

    `alike` is the framing's likeness, `still` how long the face has not stirred, `live` this
    picture's answer and `lives` those before.
    """

    alike: float | None = None
    still: Millis = 0
    live: float | None = None
    lives: tuple[float, ...] = ()
    usual: Baseline | None = None
    body: BodyPose | None = None


NO_SIGNALS = TemporalSignals()


class TemporalAnalyzer:
    """Compares pictures with what is remembered, and asks the two models of the weak signals."""

    def __init__(self, life: LivenessModel, bodies: PoseEstimator) -> None:
        self._life, self._bodies = life, bodies

    def compare(
        self,
        image: Image.Image,
        view: str,
        face: FaceBox | None,
        persons: Sequence[Box],
        history: ViewHistory | None,
        at: Millis,
    ) -> tuple[TemporalSignals, FrameSignatures]:
        """Compare one picture, taken at a moment; without a memory there is little to compare."""
        if view == "first":
            still, stirring = compare_face(image, face.box if face else None, history, at)
            return TemporalSignals(
                still=still,
                live=self._living(image, face, history, at),
                lives=history.liveness_scores if history else (),
                usual=history.baseline if history else None,
            ), FrameSignatures(face=stirring)
        likeness, scene = compare_scene(image, persons, history)
        alone = persons[0] if len(persons) == 1 else None
        still, stirring = compare_face(image, alone, history, at)
        body = self._bodies.read(image, alone) if alone else None
        return TemporalSignals(likeness, still, body=body), FrameSignatures(scene, stirring)

    def _living(
        self, image: Image.Image, face: FaceBox | None, history: ViewHistory | None, at: Millis
    ) -> float | None:
        asked = history is None or needs_liveness_check(history, at)
        return (
            self._life.score(image, face)
            if asked and face and can_judge_liveness(image, face)
            else None
        )


def compare_scene(
    image: Image.Image, persons: Sequence[Box], history: ViewHistory | None
) -> tuple[float | None, str | None]:
    """The likeness to the framing remembered, or the framing to remember."""
    if history is None:
        return None, None
    if history.scene is None:
        return None, scene_signature(image, persons)
    return scene_similarity(image, persons, history.scene), None


def compare_face(
    image: Image.Image, place: Box | None, history: ViewHistory | None, at: Millis
) -> tuple[Millis, str | None]:
    """How long the face (or the body) has not stirred, or the thumbnail to remember."""
    if history is None or place is None:
        return 0, None
    if history.face is not None and thumbnail_change(image, history.face) < _MOVED:
        return max(0, at - history.still_since), None
    return 0, thumbnail(image, place)


def temporal_findings(temporal: TemporalSignals, limits: SequenceThresholds) -> list[Finding]:
    """What the comparison finds."""
    found = []
    if temporal.alike is not None and temporal.alike < limits.alike:
        found.append(Finding(FindingKind.CAMERA_MOVED, round(min(1.0, 1 - temporal.alike), 4)))
    if temporal.still >= limits.still:
        found.append(Finding(FindingKind.FROZEN, 0.6))
    if _seems_held_up(temporal, limits):
        found.append(Finding(FindingKind.SPOOF, 0.3))
    if temporal.body is not None and _hides_hands(temporal.body, limits):
        found.append(Finding(FindingKind.HANDS_OUT_OF_SIGHT, 0.4))
    return found


def _seems_held_up(temporal: TemporalSignals, limits: SequenceThresholds) -> bool:
    """Whether this face and all those asked before seem not alive, where the calm ones did."""
    baseline, live = temporal.usual, temporal.live
    if baseline is None or baseline.live is None or live is None or live >= limits.live:
        return False
    doubted = [one < DOUBTFUL_LIVENESS for one in temporal.lives[-(MAX_LIVENESS_SCORES - 1) :]]
    return (
        baseline.live >= limits.usually_live
        and len(doubted) == MAX_LIVENESS_SCORES - 1
        and all(doubted)
    )


def _hides_hands(body: BodyPose, limits: SequenceThresholds) -> bool:
    return min(body.shoulder, body.elbow) >= limits.arm and body.wrist < limits.hand


def measures_of(temporal: TemporalSignals) -> dict[str, float]:
    """The measures by name, for the record."""
    told = {
        "alike": temporal.alike,
        "still_s": temporal.still / 1000 if temporal.still else None,
        "live": temporal.live,
    }
    if temporal.body is not None:
        told |= {"elbow": temporal.body.elbow, "wrist": temporal.body.wrist}
    if temporal.usual is not None:
        baseline = temporal.usual
        told |= {f"usual_{name}": getattr(baseline, name) for name in _USUAL}
    return {name: round(value, 3) for name, value in told.items() if value is not None}


_USUAL = ("yaw", "nose", "light", "similarity", "live")
