"""Plots as SVG: the scores of positive and negative scenes, the ROC, and the similarities."""

import html
from collections.abc import Callable, Sequence

from functions.vision.pipeline import FrameAnalysis
from functions.vision.rules import STANDARD
from models.evaluate.measure import QUESTIONS, EvaluatedScene
from models.evaluate.scoring import Roc

_POSITIVE, _NEGATIVE = "#06c", "#c40"
_LEGEND = (
    f'<p><span style="color:{_POSITIVE}">●</span> labelled yes '
    f'<span style="color:{_NEGATIVE}">●</span> labelled no</p>'
)


def _best_object(analysis: FrameAnalysis, label: str) -> float:
    return max((box.score for box in analysis.objects if box.label == label), default=0.0)


def _second_person(analysis: FrameAnalysis) -> float:
    scores = sorted((box.score for box in analysis.persons), reverse=True)
    return scores[1] if len(scores) > 1 else 0.0


def _finding_score(kind: str) -> Callable[[FrameAnalysis], float]:
    def score(analysis: FrameAnalysis) -> float:
        return max(
            (finding.score for finding in analysis.findings if finding.kind == kind), default=0.0
        )

    return score


def _occlusion(analysis: FrameAnalysis) -> float:
    """Return the anomaly score or the dark glasses' score relative to its threshold, which is at 0.5."""
    measures = analysis.measures
    if "strange" not in measures:
        return _finding_score("face_occluded")(analysis)
    glasses_ratio = measures["glasses"] / STANDARD.dark_glasses
    return min(1.0, max(measures["strange"] / STANDARD.anomaly, glasses_ratio) / 2)


def _away(analysis: FrameAnalysis) -> float:
    """Return the head pose or the gaze relative to its threshold, which is at 0.5."""
    measures, thresholds = analysis.measures, STANDARD
    ratios = (
        abs(measures.get("gaze", 0.0)) / thresholds.gaze,
        abs(measures.get("yaw", 0.0)) / thresholds.yaw,
        abs(measures.get("nose", 0.0)) / thresholds.nose,
    )
    return min(1.0, max(ratios) / 2)


# For each question its score, and the threshold.
_SCORES: dict[str, tuple[Callable[[FrameAnalysis], float], float | None]] = {
    "faces present": (
        lambda analysis: max((box.score for box in analysis.faces), default=0.0),
        STANDARD.face,
    ),
    "absent": (_finding_score("absent"), None),
    "extra_person": (_second_person, STANDARD.person),
    "phone": (lambda analysis: _best_object(analysis, "phone"), STANDARD.phone),
    "book": (lambda analysis: _best_object(analysis, "book"), STANDARD.book),
    "face_occluded": (_occlusion, 0.5),
    "looking_away": (_away, 0.5),
}


def score_strips(results: Sequence[EvaluatedScene]) -> str:
    """Return a strip plot for each question: a dot per scene, x from 0 to 1, a line at the threshold."""
    strips = [_strip(name, results) for name in QUESTIONS if name in _SCORES]
    return "<h2>scores</h2>" + _LEGEND + "".join(strips)


def _strip(name: str, results: Sequence[EvaluatedScene]) -> str:
    score, threshold = _SCORES[name]
    dots, counts = [], [0, 0]
    for result in results:
        label, _ = QUESTIONS[name](result)
        if label is None:
            continue
        row, colour = (0, _POSITIVE) if label else (1, _NEGATIVE)
        x, y = 120 + 500 * score(result.analysis), 8 + 30 * row + counts[row] * 7 % 20
        counts[row] += 1
        title = html.escape(result.scene.path.name)
        dots.append(
            f'<circle cx="{x:.1f}" cy="{y}" r="3" fill="{colour}" fill-opacity=".45">'
            f"<title>{title}</title></circle>"
        )
    line = f'<path d="M{120 + 500 * threshold:.1f} 0V64" stroke="#000"/>' if threshold else ""
    caption = f'<text x="0" y="38">{html.escape(name)}</text>'
    frame = '<rect x="120" y="2" width="500" height="60" fill="none" stroke="#ccc"/>'
    return f'<svg viewBox="0 0 630 66" width="630">{caption}{frame}{line}{"".join(dots)}</svg>'


def roc_curve(roc: Roc) -> str:
    """Return the ROC: false accept rate from 0 to 5 % (x), true accept rate from 90 to 100 % (y)."""
    rates = [(x, y) for x, y in roc.points() if x <= 0.05]
    points = " ".join(f"{40 + x * 8000:.1f},{10 + (1 - max(y, 0.9)) * 3000:.1f}" for x, y in rates)
    across = "".join(f'<text x="{36 + n * 80}" y="328">{n} %</text>' for n in range(6))
    up = "".join(f'<text x="0" y="{14 + n * 60}">{100 - 2 * n} %</text>' for n in range(6))
    return (
        "<h2>identity: false accepts → true accepts ↑</h2>"
        '<svg viewBox="0 0 470 335" width="470" role="img" aria-label="ROC">'
        f'<rect x="40" y="10" width="400" height="300" fill="none" stroke="#999"/>{across}{up}'
        f'<polyline points="{points}" fill="none" stroke="{_POSITIVE}" stroke-width="2"/></svg>'
    )


_BINS = 60


def similarity_histogram(roc: Roc) -> str:
    """Return the histogram of similarities from -0.2 to 1, for same and for different persons."""
    threshold = 40 + (STANDARD.same_person + 0.2) / 1.2 * 600
    bars = _bars(roc.same, _POSITIVE) + _bars(roc.different, _NEGATIVE)
    return (
        "<h2>identity: similarities of the same person and of different ones</h2>"
        '<svg viewBox="0 0 660 190" width="660" role="img" aria-label="similarities">'
        f'{bars}<path d="M{threshold:.1f} 0V160" stroke="#000"/>'
        '<text x="30" y="180">-0.2</text><text x="135" y="180">0</text>'
        '<text x="632" y="180">1</text></svg>'
    )


def _bars(values: Sequence[float], colour: str) -> str:
    counts = [0] * _BINS
    for value in values:
        counts[min(_BINS - 1, max(0, int((value + 0.2) / 1.2 * _BINS)))] += 1
    highest = max(counts)
    return "".join(
        f'<rect x="{40 + n * 10}" y="{160 - 150 * count / highest:.1f}" width="9" '
        f'height="{150 * count / highest:.1f}" fill="{colour}" fill-opacity=".5"/>'
        for n, count in enumerate(counts)
        if count
    )
