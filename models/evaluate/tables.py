"""The measurement as tables, and those as text for the terminal."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from functions.vision.rules import STANDARD
from models.evaluate.measure import (
    QUESTIONS,
    EvaluatedScene,
    answer_of,
    disturbed,
    medians,
    persons_right,
)
from models.evaluate.scoring import Roc

_RATES = (0.01, 0.001)


@dataclass(frozen=True)
class Table:
    """A title, the names of the columns, and the rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    slice: bool = False  # of some of the scenes only


def tables(seen: Sequence[EvaluatedScene], roc: Roc, faceless: int) -> list[Table]:
    """Everything that was measured."""
    slices: dict[str, Callable[[EvaluatedScene], str]] = {
        "light": lambda evaluated: evaluated.light,
        "source": lambda evaluated: evaluated.scene.source,
    }
    compared = [_identity(roc, faceless)] if roc.same and roc.different else []
    if not seen:
        return compared
    return [
        _findings("findings", seen),
        _overall(seen),
        *compared,
        _times(seen),
        *(
            replace(_findings(f"{name}: {value}", [s for s in seen if key(s) == value]), slice=True)
            for name, key in slices.items()
            for value in sorted({key(evaluated) for evaluated in seen})
        ),
    ]


def _findings(title: str, seen: Sequence[EvaluatedScene]) -> Table:
    columns = ("", "there", "not there", "precision", "recall", "false rate")
    rows = []
    for name, question in QUESTIONS.items():
        counts = answer_of(question, seen)
        there, not_there = counts.recall.of, counts.false_rate.of
        if there + not_there:
            shares = (str(counts.precision), str(counts.recall), str(counts.false_rate))
            rows.append((name, str(there), str(not_there), *shares))
    return Table(title, columns, rows)


def _overall(seen: Sequence[EvaluatedScene]) -> Table:
    faces = answer_of(QUESTIONS["faces present"], seen).accuracy
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


def _times(seen: Sequence[EvaluatedScene]) -> Table:
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


def left_out(problems: Sequence[str]) -> list[Table]:
    """What could not be measured and why; no table where all could."""
    return [Table("left out", ("",), [(problem,) for problem in problems])] if problems else []
