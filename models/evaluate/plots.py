"""Plots as SVG: how scores are spread where something was there and where it was not, and the ROC."""

import html
from collections.abc import Callable, Sequence

from functions.vision.pipeline import FrameAnalysis
from functions.vision.rules import STANDARD
from models.evaluate.measure import QUESTIONS, EvaluatedScene
from models.evaluate.scoring import Roc

_THERE, _NOT_THERE = "#06c", "#c40"
_LEGEND = (
    f'<p><span style="color:{_THERE}">●</span> there '
    f'<span style="color:{_NOT_THERE}">●</span> not there</p>'
)


def _best(analysis: FrameAnalysis, label: str) -> float:
    return max((box.score for box in analysis.objects if box.label == label), default=0.0)


def _second_person(analysis: FrameAnalysis) -> float:
    scores = sorted((box.score for box in analysis.persons), reverse=True)
    return scores[1] if len(scores) > 1 else 0.0


def _told(kind: str) -> Callable[[FrameAnalysis], float]:
    def score(analysis: FrameAnalysis) -> float:
        return max(
            (finding.score for finding in analysis.findings if finding.kind == kind), default=0.0
        )

    return score


def _covered(analysis: FrameAnalysis) -> float:
    """Half of how many times its limit a face is strange or its eyes dark."""
    seen = analysis.measures
    if "strange" not in seen:
        return _told("face_occluded")(analysis)
    dark = STANDARD.shade / max(seen["shade"], 0.01)
    return min(1.0, max(seen["strange"] / STANDARD.strange, dark) / 2)


def _turned(analysis: FrameAnalysis) -> float:
    """The same of a turned head and of eyes aside."""
    seen, thresholds = analysis.measures, STANDARD
    beside = abs(seen.get("gaze", 0.0)) / thresholds.gaze
    turned = max(
        abs(seen.get("yaw", 0.0)) / thresholds.yaw, abs(seen.get("nose", 0.0)) / thresholds.nose
    )
    return min(1.0, max(turned, beside) / 2)


# For each question its score, and from where on it counts.
_SCORES: dict[str, tuple[Callable[[FrameAnalysis], float], float | None]] = {
    "faces present": (
        lambda sight: max((box.score for box in sight.faces), default=0.0),
        STANDARD.face,
    ),
    "absent": (_told("absent"), None),
    "extra_person": (_second_person, STANDARD.person),
    "phone": (lambda sight: _best(sight, "phone"), STANDARD.phone),
    "book": (lambda sight: _best(sight, "book"), STANDARD.book),
    "face_occluded": (_covered, 0.5),
    "looking_away": (_turned, 0.5),
}


def strips(seen: Sequence[EvaluatedScene]) -> str:
    """A strip of dots for each question, one dot a scene, 0 to 1 across; a line marks the limit."""
    drawn = [_strip(name, seen) for name in QUESTIONS if name in _SCORES]
    return "<h2>scores</h2>" + _LEGEND + "".join(drawn)


def _strip(name: str, seen: Sequence[EvaluatedScene]) -> str:
    score, limit = _SCORES[name]
    dots, counts = [], [0, 0]
    for evaluated in seen:
        truth, _ = QUESTIONS[name](evaluated)
        if truth is None:
            continue
        row, colour = (0, _THERE) if truth else (1, _NOT_THERE)
        x, y = 120 + 500 * score(evaluated.analysis), 8 + 30 * row + counts[row] * 7 % 20
        counts[row] += 1
        title = html.escape(evaluated.scene.path.name)
        dots.append(
            f'<circle cx="{x:.1f}" cy="{y}" r="3" fill="{colour}" fill-opacity=".45">'
            f"<title>{title}</title></circle>"
        )
    mark = f'<path d="M{120 + 500 * limit:.1f} 0V64" stroke="#000"/>' if limit else ""
    label = f'<text x="0" y="38">{html.escape(name)}</text>'
    frame = '<rect x="120" y="2" width="500" height="60" fill="none" stroke="#ccc"/>'
    return f'<svg viewBox="0 0 630 66" width="630">{label}{frame}{mark}{"".join(dots)}</svg>'


def curve(roc: Roc) -> str:
    """The ROC, false accepts from 0 to 5 % across, true accepts from 90 to 100 % up."""
    points = [(x, y) for x, y in roc.points() if x <= 0.05]
    drawn = " ".join(f"{40 + x * 8000:.1f},{10 + (1 - max(y, 0.9)) * 3000:.1f}" for x, y in points)
    across = "".join(f'<text x="{36 + n * 80}" y="328">{n} %</text>' for n in range(6))
    up = "".join(f'<text x="0" y="{14 + n * 60}">{100 - 2 * n} %</text>' for n in range(6))
    return (
        "<h2>identity: false accepts → true accepts ↑</h2>"
        '<svg viewBox="0 0 470 335" width="470" role="img" aria-label="ROC">'
        f'<rect x="40" y="10" width="400" height="300" fill="none" stroke="#999"/>{across}{up}'
        f'<polyline points="{drawn}" fill="none" stroke="{_THERE}" stroke-width="2"/></svg>'
    )


_BINS = 60


def pair_scores(roc: Roc) -> str:
    """How similarities are spread, -0.2 to 1 across, for same and for different persons."""
    limit = 40 + (STANDARD.same_person + 0.2) / 1.2 * 600
    bars = _bars(roc.same, _THERE) + _bars(roc.different, _NOT_THERE)
    return (
        "<h2>identity: similarities of the same person and of different ones</h2>"
        '<svg viewBox="0 0 660 190" width="660" role="img" aria-label="similarities">'
        f'{bars}<path d="M{limit:.1f} 0V160" stroke="#000"/>'
        '<text x="30" y="180">-0.2</text><text x="135" y="180">0</text>'
        '<text x="632" y="180">1</text></svg>'
    )


def _bars(values: Sequence[float], colour: str) -> str:
    counts = [0] * _BINS
    for value in values:
        counts[min(_BINS - 1, max(0, int((value + 0.2) / 1.2 * _BINS)))] += 1
    most = max(counts)
    return "".join(
        f'<rect x="{40 + n * 10}" y="{160 - 150 * count / most:.1f}" width="9" '
        f'height="{150 * count / most:.1f}" fill="{colour}" fill-opacity=".5"/>'
        for n, count in enumerate(counts)
        if count
    )
