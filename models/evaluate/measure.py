"""Run the pipeline on every scene, compare every pair, and count the answers."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageStat

from functions.vision.boxes import FloatArray
from functions.vision.pipeline import FrameAnalysis, UnreadablePicture, VisionPipeline
from models.evaluate.scenes import LABELS, Pair, Scene
from models.evaluate.scoring import Confusion, Roc, Share, confusion

_DARK = 70  # mean brightness of 255


@dataclass(frozen=True)
class EvaluatedScene:
    """A scene and the pipeline's analysis of it. ``brightness`` is the picture's mean, 0–255."""

    scene: Scene
    analysis: FrameAnalysis
    brightness: float

    @property
    def kinds(self) -> set[str]:
        """The kinds of all findings."""
        return {finding.kind.value for finding in self.analysis.findings}

    @property
    def light(self) -> str:
        """The name of the scene's slice by light."""
        return "dark" if self.brightness < _DARK else "bright"


# A question about a scene: the label (None: not scored), and the pipeline's answer.
Question = Callable[[EvaluatedScene], tuple[bool | None, bool]]


def evaluate_scenes(
    pipeline: VisionPipeline, scenes: Iterable[Scene], problems: list[str]
) -> list[EvaluatedScene]:
    """Analyse every scene in its view; append to *problems* what cannot be read."""
    results = []
    for scene in scenes:
        try:
            analysis = pipeline.analyze(scene.path.read_bytes(), view=scene.view)
        except (OSError, UnreadablePicture) as error:
            problems.append(f"{scene.path.name}: {_reason(error)}")
        else:
            results.append(EvaluatedScene(scene, analysis, _brightness(scene.path)))
    return results


def _reason(error: OSError | UnreadablePicture) -> str:
    return error.reason if isinstance(error, UnreadablePicture) else "cannot be read"


def _brightness(path: Path) -> float:
    with Image.open(path) as image:
        return ImageStat.Stat(image.convert("L").resize((64, 64))).mean[0]


# Not judged from the side: a face turned to the screen is turned away from that camera.
_FIRST_VIEW_ONLY = {"face_occluded", "looking_away", "looking_down"}


def _labelled(kind: str) -> Question:
    def question(result: EvaluatedScene) -> tuple[bool | None, bool]:
        is_scored = result.scene.view == "first" or kind not in _FIRST_VIEW_ONLY
        return result.scene.labels[kind] if is_scored else None, kind in result.kinds

    return question


def _faces(result: EvaluatedScene) -> tuple[bool | None, bool]:
    faces = result.scene.faces
    return None if faces is None else faces > 0, bool(result.analysis.faces)


def _absent(result: EvaluatedScene) -> tuple[bool | None, bool]:
    persons = result.scene.persons
    return None if persons is None else persons == 0, "absent" in result.kinds


def _extra_person(result: EvaluatedScene) -> tuple[bool | None, bool]:
    persons = result.scene.persons
    return None if persons is None else persons > 1, "extra_person" in result.kinds


QUESTIONS: dict[str, Question] = {
    "faces present": _faces,
    "absent": _absent,
    "extra_person": _extra_person,
    **{kind: _labelled(kind) for kind in LABELS},
}


def count_answers(question: Question, results: Iterable[EvaluatedScene]) -> Confusion:
    """Return the confusion matrix of a question over all scenes that are scored."""
    answers = [question(result) for result in results]
    return confusion((label, answer) for label, answer in answers if label is not None)


def wrong_answers(question: Question, results: Iterable[EvaluatedScene]) -> list[EvaluatedScene]:
    """Return the scenes for which a question was answered wrongly."""
    answers = [(result, *question(result)) for result in results]
    return [result for result, label, answer in answers if label is not None and label != answer]


def person_count_accuracy(results: Iterable[EvaluatedScene]) -> Share:
    """Return the accuracy of «nobody, one person, or more»."""
    counts = [
        (min(2, result.scene.persons), min(2, len(result.analysis.persons)))
        for result in results
        if result.scene.persons is not None
    ]
    return Share(sum(label == answer for label, answer in counts), len(counts))


def false_alarms(results: Iterable[EvaluatedScene]) -> tuple[Share, list[EvaluatedScene]]:
    """Return the scenes of one compliant person with any finding, and their share."""
    compliant = [result for result in results if result.scene.is_compliant]
    with_findings = [result for result in compliant if result.kinds]
    return Share(len(with_findings), len(compliant)), with_findings


def compare(
    pipeline: VisionPipeline, pairs: Iterable[Pair], problems: list[str]
) -> tuple[Roc, int]:
    """Return the similarities of all pairs, and the number of pairs without two faces.

    The similarity of the latter is -1. Pairs with an unreadable picture are appended to *problems*.
    """

    unreadable: set[Path] = set()

    @cache
    def embedding(path: Path) -> FloatArray | None:
        try:
            return pipeline.embed(path.read_bytes())
        except (OSError, UnreadablePicture) as error:
            problems.append(f"{path.name}: {_reason(error)}")
            unreadable.add(path)
            return None

    same: list[float] = []
    different: list[float] = []
    faceless = 0
    for pair in pairs:
        a, b = embedding(pair.a), embedding(pair.b)
        if unreadable & {pair.a, pair.b}:
            continue
        faceless += a is None or b is None
        similarity = -1.0 if a is None or b is None else float(a @ b)
        (same if pair.same else different).append(similarity)
    return Roc(same, different), faceless


def stage_times(results: Sequence[EvaluatedScene]) -> dict[str, tuple[float, float]]:
    """Return the median and the mean of milliseconds per picture, by stage and for all stages."""
    stages = {
        name: [result.analysis.timings_ms[name] for result in results]
        for name in results[0].analysis.timings_ms
    }
    stages["all"] = [sum(result.analysis.timings_ms.values()) for result in results]
    return {name: (statistics.median(ms), statistics.fmean(ms)) for name, ms in stages.items()}
