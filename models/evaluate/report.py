"""The measurement as text for the terminal, and as one HTML file with plots and mistakes."""

import base64
import html
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from PIL import Image, ImageOps

from functions.vision.judge import STANDARD
from models.evaluate.measure import (
    QUESTIONS,
    Seen,
    ask,
    disturbed,
    medians,
    persons_right,
    wrong,
)
from models.evaluate.scoring import Roc

_RATES = (0.01, 0.001)
_THUMB = (240, 180)


@dataclass(frozen=True)
class Table:
    """A title, the names of the columns, and the rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables(seen: Sequence[Seen], roc: Roc, faceless: int) -> list[Table]:
    """Everything that was measured."""
    slices: dict[str, Callable[[Seen], str]] = {
        "light": lambda one: one.light,
        "source": lambda one: one.scene.source,
    }
    return [
        _findings("findings", seen),
        _overall(seen),
        *([_identity(roc, faceless)] if roc.same and roc.different else []),
        _times(seen),
        *(
            _findings(f"{name}: {value}", [one for one in seen if key(one) == value])
            for name, key in slices.items()
            for value in sorted({key(one) for one in seen})
        ),
    ]


def _findings(title: str, seen: Sequence[Seen]) -> Table:
    columns = ("", "there", "not there", "precision", "recall", "false rate")
    rows = []
    for name, question in QUESTIONS.items():
        counts = ask(question, seen)
        there, not_there = counts.recall.of, counts.false_rate.of
        if there + not_there:
            shares = (str(counts.precision), str(counts.recall), str(counts.false_rate))
            rows.append((name, str(there), str(not_there), *shares))
    return Table(title, columns, rows)


def _overall(seen: Sequence[Seen]) -> Table:
    faces = ask(QUESTIONS["faces present"], seen).accuracy
    quiet, _ = disturbed(seen)
    return Table(
        "in all",
        ("", "of", "share"),
        [
            ("faces present or not, right", str(faces.of), str(faces)),
            ("persons 0, 1 or more, right", str(persons_right(seen).of), str(persons_right(seen))),
            ("one person sitting properly, anything found", str(quiet.of), str(quiet)),
        ],
    )


def _identity(roc: Roc, faceless: int) -> Table:
    limit = STANDARD.same_person
    rows = [(f"accuracy at {limit}", str(roc.accuracy(limit)))]
    for rate in _RATES:
        threshold, accepted = roc.accepted(rate)
        rows.append((f"true accepts at {rate:.1%} false ({threshold:.3f})", str(accepted)))
    rows.append(("pairs without a face to compare", str(faceless)))
    return Table("identity", ("", "share"), rows)


def _times(seen: Sequence[Seen]) -> Table:
    rows = [(name, f"{mid:.1f}", f"{mean:.1f}") for name, (mid, mean) in medians(seen).items()]
    return Table("milliseconds a picture", ("stage", "median", "mean"), rows)


def as_text(shown: Iterable[Table]) -> str:
    """All tables, aligned for a terminal."""
    return "\n".join(chain.from_iterable(_lines(table) for table in shown))


def _lines(table: Table) -> list[str]:
    rows = [table.columns, *table.rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    aligned = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return ["", table.title.upper(), *aligned]


def as_html(shown: Iterable[Table], seen: Sequence[Seen], roc: Roc) -> str:
    """One file that needs no other: tables, the ROC and the mistakes as pictures."""
    body = [_table(table) for table in shown]
    if roc.same and roc.different:
        body.insert(3, _curve(roc))
    body += [_mistakes(name, wrong(question, seen)) for name, question in QUESTIONS.items()]
    body.append(_mistakes("found though one person sits properly", disturbed(seen)[1]))
    return _PAGE.format(body="\n".join(body))


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What the eyes see</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
th, td {{ text-align: left; padding: .2rem .8rem; border-bottom: 1px solid #ddd; }}
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


def _curve(roc: Roc) -> str:
    """The ROC, false accepts from 0 to 5 % across, true accepts from 90 to 100 % up."""
    points = " ".join(
        f"{x * 8000:.1f},{(1 - max(y, 0.9)) * 3000:.1f}" for x, y in roc.points() if x <= 0.05
    )
    return (
        "<h2>identity: false accepts 0–5 % → true accepts 90–100 % ↑</h2>"
        '<svg viewBox="-5 -5 410 310" width="410" role="img" aria-label="ROC">'
        '<rect width="400" height="300" fill="none" stroke="#999"/>'
        f'<polyline points="{points}" fill="none" stroke="#06c" stroke-width="2"/></svg>'
    )


def _mistakes(title: str, seen: Sequence[Seen]) -> str:
    figures = "".join(_figure(one) for one in seen)
    return f"<h2>wrong: {html.escape(title)} ({len(seen)})</h2>{figures}"


def _figure(seen: Seen) -> str:
    found = ", ".join(f"{one.kind} {one.score:.2f}" for one in seen.sight.findings) or "nothing"
    caption = f"{seen.scene.path.name}: found {found}. {seen.scene.notes}"
    return (
        f'<figure><img src="data:image/jpeg;base64,{_thumbnail(seen)}" alt="">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def _thumbnail(seen: Seen) -> str:
    with Image.open(seen.scene.path) as image:
        small = ImageOps.contain(image.convert("RGB"), _THUMB)
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=70)
    return base64.b64encode(stream.getvalue()).decode()
