"""The results as one self-contained HTML file: tables, plots, and the wrongly answered pictures."""

import base64
import html
import io
from collections.abc import Iterable, Sequence

from PIL import Image, ImageOps

from models.evaluate.measure import QUESTIONS, EvaluatedScene, false_alarms, wrong_answers
from models.evaluate.plots import roc_curve, score_strips, similarity_histogram
from models.evaluate.scoring import Roc
from models.evaluate.tables import Table

_THUMBNAIL_SIZE = (240, 180)
_MAX_FIGURES = 24


def to_html(tables: Iterable[Table], results: Sequence[EvaluatedScene], roc: Roc) -> str:
    """Render the page."""
    all_tables = list(tables)
    body = [_table(table) for table in all_tables if not table.slice]
    if results:
        body.append(score_strips(results))
    if roc.same and roc.different:
        body += [roc_curve(roc), similarity_histogram(roc)]
    body += [
        _figures(name, wrong_answers(question, results)) for name, question in QUESTIONS.items()
    ]
    body.append(_figures("finding for one compliant person", false_alarms(results)[1]))
    body += [_table(table) for table in all_tables if table.slice]
    return _PAGE.format(body="\n".join(body))


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Vision pipeline: accuracy</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
th, td {{ text-align: left; padding: .2rem .8rem; border-bottom: 1px solid #ddd; }}
svg {{ display: block; margin: .5rem 0; font: 12px system-ui, sans-serif; max-width: 100%; }}
figure {{ display: inline-block; width: 240px; margin: .3rem; vertical-align: top; font-size: 12px; }}
</style>
<h1>Vision pipeline: accuracy</h1>
{body}
</html>
"""


def _table(table: Table) -> str:
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in table.rows
    )
    return f"<h2>{html.escape(table.title)}</h2><table><tr>{head}</tr>{rows}</table>"


def _figures(title: str, results: Sequence[EvaluatedScene]) -> str:
    """Render the wrongly answered pictures, highest confidence first."""
    by_confidence = sorted(results, key=_confidence, reverse=True)
    figures = "".join(_figure(result) for result in by_confidence[:_MAX_FIGURES])
    return f"<h2>wrong: {html.escape(title)} ({len(results)})</h2>{figures}" if results else ""


def _confidence(result: EvaluatedScene) -> float:
    return max((finding.score for finding in result.analysis.findings), default=0.0)


def _figure(result: EvaluatedScene) -> str:
    findings = (
        ", ".join(f"{finding.kind} {finding.score:.2f}" for finding in result.analysis.findings)
        or "no finding"
    )
    caption = f"{result.scene.path.name}: {findings}. {result.scene.notes}"
    return (
        f'<figure><img src="data:image/jpeg;base64,{_thumbnail(result)}" alt="">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def _thumbnail(result: EvaluatedScene) -> str:
    with Image.open(result.scene.path) as image:
        thumbnail = ImageOps.contain(image.convert("RGB"), _THUMBNAIL_SIZE)
    stream = io.BytesIO()
    thumbnail.save(stream, "JPEG", quality=70)
    return base64.b64encode(stream.getvalue()).decode()
