"""Comparison of a picture with earlier ones: findings that no single picture can justify.

A moved camera, a frozen picture, and the weak signals (liveness, hands out of sight). What is
remembered between pictures is `chalicelib.domain.monitoring.baseline`.
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
    glance,
    scene_signature,
    scene_similarity,
    thumbnail,
    thumbnail_change,
)

# A live face differs from itself minutes ago by at least this mean change, in grey values.
_MIN_CHANGE = 0.7


@dataclass(frozen=True)
class SequenceThresholds:
    """Thresholds of the comparison with earlier pictures; how they were chosen: models/cards/."""

    scene_similarity: float = 0.45  # below: the camera has moved
    frozen_after: Millis = 5 * MINUTE  # without any movement
    liveness: float = 0.02  # below: not live
    baseline_liveness: float = 0.3  # the candidate's usual score must reach this on this camera
    arm: float = 0.5  # from here on, shoulder and elbow are clearly visible
    wrist: float = 0.28  # below: hand out of sight


@dataclass(frozen=True)
class TemporalSignals:
    """How a picture compares with earlier ones; None where it was not measured or cannot be.

    `still_for` is how long the face (second view: the body) has not moved. `earlier_liveness` holds
    the liveness scores of earlier pictures, oldest first.
    """

    scene_similarity: float | None = None
    still_for: Millis = 0
    liveness: float | None = None
    earlier_liveness: tuple[float, ...] = ()
    baseline: Baseline | None = None
    body: BodyPose | None = None


NO_SIGNALS = TemporalSignals()


class TemporalAnalyzer:
    """Compares pictures with the view's history, and runs the two models of the weak signals."""

    def __init__(self, liveness: LivenessModel, pose: PoseEstimator) -> None:
        self._liveness, self._pose = liveness, pose

    def compare(
        self,
        image: Image.Image,
        view: str,
        face: FaceBox | None,
        persons: Sequence[Box],
        history: ViewHistory | None,
        at: Millis,
    ) -> tuple[TemporalSignals, FrameSignatures]:
        """Compare a picture taken at `at` with the history, and return its own signatures.

        Without a history, only the weak signals are measured.
        """
        if view == "first":
            still_for, face_signature = compare_face(image, face.box if face else None, history, at)
            return TemporalSignals(
                still_for=still_for,
                liveness=self._liveness_score(image, face, history, at),
                earlier_liveness=history.liveness_scores if history else (),
                baseline=history.baseline if history else None,
            ), FrameSignatures(face=face_signature, glance=glance(image))
        similarity, scene = compare_scene(image, persons, history)
        only_person = persons[0] if len(persons) == 1 else None
        still_for, body_signature = compare_face(image, only_person, history, at)
        body = self._pose.read(image, only_person) if only_person else None
        signals = TemporalSignals(similarity, still_for, body=body)
        return signals, FrameSignatures(scene, body_signature, glance(image))

    def _liveness_score(
        self, image: Image.Image, face: FaceBox | None, history: ViewHistory | None, at: Millis
    ) -> float | None:
        is_due = history is None or needs_liveness_check(history, at)
        if not is_due or face is None or not can_judge_liveness(image, face):
            return None
        return self._liveness.score(image, face)


def compare_scene(
    image: Image.Image, persons: Sequence[Box], history: ViewHistory | None
) -> tuple[float | None, str | None]:
    """Return the similarity to the scene of the history; if it has none, this picture's signature."""
    if history is None:
        return None, None
    if history.scene is None:
        return None, scene_signature(image, persons)
    return scene_similarity(image, persons, history.scene), None


def compare_face(
    image: Image.Image, box: Box | None, history: ViewHistory | None, at: Millis
) -> tuple[Millis, str | None]:
    """Return how long the face (or the body) has not moved; if it has, its new thumbnail."""
    if history is None or box is None:
        return 0, None
    if history.face is not None and thumbnail_change(image, history.face) < _MIN_CHANGE:
        return max(0, at - history.still_since), None
    return 0, thumbnail(image, box)


def temporal_findings(temporal: TemporalSignals, thresholds: SequenceThresholds) -> list[Finding]:
    """Return the findings of the comparison, in a fixed order."""
    findings = []
    similarity = temporal.scene_similarity
    if similarity is not None and similarity < thresholds.scene_similarity:
        findings.append(Finding(FindingKind.CAMERA_MOVED, round(min(1.0, 1 - similarity), 4)))
    if temporal.still_for >= thresholds.frozen_after:
        findings.append(Finding(FindingKind.FROZEN, 0.6))
    if _is_spoof(temporal, thresholds):
        findings.append(Finding(FindingKind.SPOOF, 0.3))
    if temporal.body is not None and _hides_hands(temporal.body, thresholds):
        findings.append(Finding(FindingKind.HANDS_OUT_OF_SIGHT, 0.4))
    return findings


def _is_spoof(temporal: TemporalSignals, thresholds: SequenceThresholds) -> bool:
    """Return whether this face and all earlier ones seem not live, unlike those of the baseline."""
    baseline, liveness = temporal.baseline, temporal.liveness
    if baseline is None or baseline.liveness is None:
        return False
    if liveness is None or liveness >= thresholds.liveness:
        return False
    earlier = temporal.earlier_liveness[-(MAX_LIVENESS_SCORES - 1) :]
    return (
        baseline.liveness >= thresholds.baseline_liveness
        and len(earlier) == MAX_LIVENESS_SCORES - 1
        and all(score < DOUBTFUL_LIVENESS for score in earlier)
    )


def _hides_hands(body: BodyPose, thresholds: SequenceThresholds) -> bool:
    return min(body.shoulder, body.elbow) >= thresholds.arm and body.wrist < thresholds.wrist


def measures_of(temporal: TemporalSignals) -> dict[str, float]:
    """Return the signals by the names under which they are recorded."""
    measures = {
        "alike": temporal.scene_similarity,
        "still_s": temporal.still_for / 1000 if temporal.still_for else None,
        "live": temporal.liveness,
    }
    if temporal.body is not None:
        measures |= {"elbow": temporal.body.elbow, "wrist": temporal.body.wrist}
    if (baseline := temporal.baseline) is not None:
        measures |= {
            "usual_yaw": baseline.yaw,
            "usual_nose": baseline.nose,
            "usual_pitch": baseline.pitch,
            "usual_gaze": baseline.gaze,
            "usual_light": baseline.light,
            "usual_similarity": baseline.similarity,
            "usual_live": baseline.liveness,
        }
    return {name: round(value, 3) for name, value in measures.items() if value is not None}
