"""The measurement as one HTML file that needs no other: tables, plots, and mistakes as pictures."""

import base64
import html
import io
from collections.abc import Iterable, Sequence

from PIL import Image, ImageOps

from models.evaluate.measure import QUESTIONS, EvaluatedScene, disturbed, is_wrong
from models.evaluate.plots import curve, pair_scores, strips
from models.evaluate.scoring import Roc
from models.evaluate.tables import Table

_THUMB = (240, 180)
_MOST_SHOWN = 24


def as_html(shown: Iterable[Table], seen: Sequence[EvaluatedScene], roc: Roc) -> str:
    """The whole page."""
    listed = list(shown)
    body = [_table(table) for table in listed if not table.slice]
    if seen:
        body.append(strips(seen))
    if roc.same and roc.different:
        body += [curve(roc), pair_scores(roc)]
    body += [_mistakes(name, is_wrong(question, seen)) for name, question in QUESTIONS.items()]
    body.append(_mistakes("found, though one person sits properly", disturbed(seen)[1]))
    body += [_table(table) for table in listed if table.slice]
    return _PAGE.format(body="\n".join(body))


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What the eyes see</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
th, td {{ text-align: left; padding: .2rem .8rem; border-bottom: 1px solid #ddd; }}
svg {{ display: block; margin: .5rem 0; font: 12px system-ui, sans-serif; max-width: 100%; }}
figure {{ display: inline-block; width: 240px; margin: .3rem; vertical-align: top; font-size: 12px; }}
</style>
<h1>What the eyes see</h1>
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


def _mistakes(title: str, seen: Sequence[EvaluatedScene]) -> str:
    """The mistakes, those that the eyes were surest of first."""
    surest = sorted(seen, key=_sureness, reverse=True)
    figures = "".join(_figure(evaluated) for evaluated in surest[:_MOST_SHOWN])
    return f"<h2>wrong: {html.escape(title)} ({len(seen)})</h2>{figures}" if seen else ""


def _sureness(seen: EvaluatedScene) -> float:
    return max((finding.score for finding in seen.analysis.findings), default=0.0)


def _figure(seen: EvaluatedScene) -> str:
    found = (
        ", ".join(f"{finding.kind} {finding.score:.2f}" for finding in seen.analysis.findings)
        or "nothing"
    )
    caption = f"{seen.scene.path.name}: found {found}. {seen.scene.notes}"
    return (
        f'<figure><img src="data:image/jpeg;base64,{_thumbnail(seen)}" alt="">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def _thumbnail(seen: EvaluatedScene) -> str:
    with Image.open(seen.scene.path) as image:
        small = ImageOps.contain(image.convert("RGB"), _THUMB)
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=70)
    return base64.b64encode(stream.getvalue()).decode()
