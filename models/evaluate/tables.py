"""The results as tables, and tables as text for the terminal."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from functions.vision.rules import STANDARD
from models.evaluate.measure import (
    QUESTIONS,
    EvaluatedScene,
    count_answers,
    false_alarms,
    person_count_accuracy,
    stage_times,
)
from models.evaluate.scoring import Roc, counted

_FALSE_ACCEPT_RATES = (0.01, 0.001)
_TRUE_ACCEPTS_GOAL = 0.98  # at the lowest of them


@dataclass(frozen=True)
class Table:
    """A title, the names of the columns, and the rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    slice: bool = False  # of a subset of the scenes

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: {len(self.columns)} columns, but {row}")


def tables(results: Sequence[EvaluatedScene], roc: Roc, faceless: int) -> list[Table]:
    """Return all tables of the results."""
    slices: dict[str, Callable[[EvaluatedScene], str]] = {
        "light": lambda result: result.light,
        "source": lambda result: result.scene.source,
    }
    identity = [_identity(roc, faceless)] if roc.same and roc.different else []
    if not results:
        return identity
    return [
        _findings("findings", results),
        _overall(results),
        *identity,
        _times(results),
        *(
            replace(
                _findings(
                    f"{name}: {value}", [result for result in results if key(result) == value]
                ),
                slice=True,
            )
            for name, key in slices.items()
            for value in sorted({key(result) for result in results})
        ),
    ]


def _findings(title: str, results: Sequence[EvaluatedScene]) -> Table:
    columns = ("", "positives", "negatives", "precision", "recall", "false positive rate")
    rows = []
    for name, question in QUESTIONS.items():
        counts = count_answers(question, results)
        positives, negatives = counts.recall.total, counts.false_positive_rate.total
        if positives + negatives:
            shares = (str(counts.precision), str(counts.recall), str(counts.false_positive_rate))
            rows.append((name, str(positives), str(negatives), *shares))
    return Table(title, columns, rows)


def _overall(results: Sequence[EvaluatedScene]) -> Table:
    faces = count_answers(QUESTIONS["faces present"], results).accuracy
    persons = person_count_accuracy(results)
    alarms, _ = false_alarms(results)
    return Table(
        "overall",
        ("", "of", "share"),
        [
            ("faces present or not, right", str(faces.total), str(faces)),
            ("persons 0, 1 or more, right", str(persons.total), str(persons)),
            ("one compliant person, any finding", str(alarms.total), str(alarms)),
        ],
    )


def _identity(roc: Roc, faceless: int) -> Table:
    same_person = STANDARD.same_person
    accuracy = roc.accuracy(same_person)
    rows = [(f"accuracy at {same_person}", counted(accuracy), "")]
    for rate in _FALSE_ACCEPT_RATES:
        threshold, accepts = roc.true_accepts_at(rate)
        goal = f"≥ {_TRUE_ACCEPTS_GOAL:.0%}" if rate == min(_FALSE_ACCEPT_RATES) else ""
        name = f"true accepts at {rate:.1%} false ({threshold:.3f})"
        rows.append((name, counted(accepts), goal))
    rows.append(("pairs without a face to compare", str(faceless), ""))
    return Table("identity", ("", "share", "goal"), rows)


def _times(results: Sequence[EvaluatedScene]) -> Table:
    rows = [
        (name, f"{median:.1f}", f"{mean:.1f}")
        for name, (median, mean) in stage_times(results).items()
    ]
    return Table("milliseconds per picture", ("stage", "median", "mean"), rows)


def to_text(all_tables: Iterable[Table]) -> str:
    """Return all tables as text, with aligned columns."""
    return "\n".join(chain.from_iterable(_lines(table) for table in all_tables))


def _lines(table: Table) -> list[str]:
    rows = [table.columns, *table.rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return ["", table.title.upper(), *lines]


def problems_table(problems: Sequence[str]) -> list[Table]:
    """Return a table of what could not be evaluated and why; none without problems."""
    return [Table("left out", ("",), [(problem,) for problem in problems])] if problems else []


def own_detector_table(identity: str) -> Table:
    """Return the notice that an institution's own detector took part: these are its figures too."""
    notice = (
        "took part: the figures hold for the product with it, and are none of the product's own"
    )
    return Table("own detector", ("",), [(identity,), (notice,)])
