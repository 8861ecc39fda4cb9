"""Look at every picture, compare every pair, and count."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageStat

from functions.vision.boxes import FloatArray
from functions.vision.pipeline import FrameAnalysis, UnreadablePicture, VisionPipeline
from models.evaluate.scenes import Pair, Scene
from models.evaluate.scoring import Confusion, Roc, Share, confusion

_DARK = 70  # mean brightness of 255


@dataclass(frozen=True)
class EvaluatedScene:
    """A scene and what the eyes made of it."""

    scene: Scene
    analysis: FrameAnalysis
    brightness: float

    @property
    def kinds(self) -> set[str]:
        """The kinds of all findings."""
        return {finding.kind.value for finding in self.analysis.findings}

    @property
    def light(self) -> str:
        """The slice by light."""
        return "dark" if self.brightness < _DARK else "bright"


# A question about a scene: what is true (None: not scored), what was found.
Question = Callable[[EvaluatedScene], tuple[bool | None, bool]]


def evaluate_scenes(
    pipeline: VisionPipeline, scenes: Iterable[Scene], problems: list[str]
) -> list[EvaluatedScene]:
    """Look at every scene as its view says; what cannot be read becomes a problem."""
    seen = []
    for scene in scenes:
        try:
            analysis = pipeline.analyze(scene.path.read_bytes(), view=scene.view)
        except (OSError, UnreadablePicture) as error:
            problems.append(f"{scene.path.name}: {_reason(error)}")
        else:
            seen.append(EvaluatedScene(scene, analysis, _brightness(scene.path)))
    return seen


def _reason(error: OSError | UnreadablePicture) -> str:
    return error.reason if isinstance(error, UnreadablePicture) else "cannot be read"


def _brightness(path: Path) -> float:
    with Image.open(path) as image:
        return ImageStat.Stat(image.convert("L").resize((64, 64))).mean[0]


# What a camera at the side cannot tell: a face turned to the screen is turned away from it.
_FIRST_VIEW_ONLY = {"face_occluded", "looking_away"}


def _labelled(kind: str) -> Question:
    def question(seen: EvaluatedScene) -> tuple[bool | None, bool]:
        judged = seen.scene.view == "first" or kind not in _FIRST_VIEW_ONLY
        return seen.scene.labels[kind] if judged else None, kind in seen.kinds

    return question


def _faces(seen: EvaluatedScene) -> tuple[bool | None, bool]:
    faces = seen.scene.faces
    return None if faces is None else faces > 0, bool(seen.analysis.faces)


def _absent(seen: EvaluatedScene) -> tuple[bool | None, bool]:
    persons = seen.scene.persons
    return None if persons is None else persons == 0, "absent" in seen.kinds


def _extra(seen: EvaluatedScene) -> tuple[bool | None, bool]:
    persons = seen.scene.persons
    return None if persons is None else persons > 1, "extra_person" in seen.kinds


QUESTIONS: dict[str, Question] = {
    "faces present": _faces,
    "absent": _absent,
    "extra_person": _extra,
    **{kind: _labelled(kind) for kind in ("phone", "book", "face_occluded", "looking_away")},
}


def answer_of(question: Question, seen: Iterable[EvaluatedScene]) -> Confusion:
    """Count a question's answers over all scenes that may be scored."""
    answers = [question(evaluated) for evaluated in seen]
    return confusion((truth, found) for truth, found in answers if truth is not None)


def is_wrong(question: Question, seen: Iterable[EvaluatedScene]) -> list[EvaluatedScene]:
    """The scenes where the answer was wrong."""
    answers = [(evaluated, *question(evaluated)) for evaluated in seen]
    return [
        evaluated for evaluated, truth, found in answers if truth is not None and truth != found
    ]


def persons_right(seen: Iterable[EvaluatedScene]) -> Share:
    """Nobody, one, or more told rightly."""
    counts = [
        (min(2, evaluated.scene.persons), min(2, len(evaluated.analysis.persons)))
        for evaluated in seen
        if evaluated.scene.persons is not None
    ]
    return Share(sum(truth == found for truth, found in counts), len(counts))


def disturbed(seen: Iterable[EvaluatedScene]) -> tuple[Share, list[EvaluatedScene]]:
    """Scenes of one person sitting properly in which anything was found."""
    proper = [evaluated for evaluated in seen if evaluated.scene.proper]
    found = [evaluated for evaluated in proper if evaluated.kinds]
    return Share(len(found), len(proper)), found


def compare(
    pipeline: VisionPipeline, pairs: Iterable[Pair], problems: list[str]
) -> tuple[Roc, int]:
    """Similarities of all pairs, and how many had no face to compare (counted as -1)."""

    unread: set[Path] = set()

    @cache
    def face(path: Path) -> FloatArray | None:
        try:
            return pipeline.embed(path.read_bytes())
        except (OSError, UnreadablePicture) as error:
            problems.append(f"{path.name}: {_reason(error)}")
            unread.add(path)
            return None

    same: list[float] = []
    different: list[float] = []
    faceless = 0
    for pair in pairs:
        a, b = face(pair.a), face(pair.b)
        if unread & {pair.a, pair.b}:
            continue
        faceless += a is None or b is None
        similarity = -1.0 if a is None or b is None else float(a @ b)
        (same if pair.same else different).append(similarity)
    return Roc(same, different), faceless


def medians(seen: Sequence[EvaluatedScene]) -> dict[str, tuple[float, float]]:
    """By stage, and in all: the median and the mean of milliseconds a picture."""
    stages = {
        name: [evaluated.analysis.timings_ms[name] for evaluated in seen]
        for name in seen[0].analysis.timings_ms
    }
    stages["all"] = [sum(evaluated.analysis.timings_ms.values()) for evaluated in seen]
    return {name: (statistics.median(ms), statistics.fmean(ms)) for name, ms in stages.items()}
