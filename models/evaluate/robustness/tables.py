"""The robustness set as tables: what appeared or vanished, and the worst cell, named."""

from collections.abc import Iterator, Sequence

from models.evaluate.robustness.measure import Cell, Row
from models.evaluate.scoring import Share, counted
from models.evaluate.tables import Table

# A share of fewer pictures is no worst cell: it may be chance.
_MIN_PICTURES = 10


def robustness_tables(rows: Sequence[Row]) -> list[Table]:
    """Return the table of changes, what must be found, and the worst cell; none without pictures."""
    if not any(row.pictures for row in rows):
        return []
    kinds = sorted({kind for row in rows for kind in row.cells})
    body = [
        (row.distortion.name, str(row.pictures), *(_cell(row, kind) for kind in kinds))
        for row in rows
    ]
    title = "robustness, made by program: pictures in which a finding appeared (+) or vanished (-)"
    return [Table(title, ("", "pictures", *kinds), body), _required(rows), _worst(rows)]


def _cell(row: Row, kind: str) -> str:
    cell = row.cells.get(kind, Cell(without=row.pictures))
    parts = [f"+{cell.appeared}/{cell.without}"] if cell.without and cell.appeared else []
    parts += [f"-{cell.vanished}/{cell.had}"] if cell.vanished else []
    return " ".join(parts) or "."


def _required(rows: Sequence[Row]) -> Table:
    found = []
    for row in rows:
        if row.distortion.must is not None:
            cell = row.cells.get(row.distortion.must.value, Cell(without=row.pictures))
            share = Share(cell.appeared, cell.without)
            found.append((row.distortion.name, row.distortion.must.value, counted(share)))
    return Table("robustness: what must be found", ("", "finding", "found"), found)


def _worst(rows: Sequence[Row]) -> Table:
    """Return the three cells with the greatest share of findings that are wrong now."""
    worst = sorted(_wrong(rows), key=lambda cell: -cell[2].value)[:3]
    return Table(
        "robustness: the worst cells",
        ("changed picture", "finding", "wrong now"),
        [(name, kind, counted(share)) for name, kind, share in worst],
    )


def _wrong(rows: Sequence[Row]) -> Iterator[tuple[str, str, Share]]:
    for row in rows:
        for kind, cell in row.cells.items():
            if kind not in row.distortion.may and cell.without >= _MIN_PICTURES:
                yield row.distortion.name, f"{kind} appears", Share(cell.appeared, cell.without)
            if cell.had >= _MIN_PICTURES:
                yield row.distortion.name, f"{kind} vanishes", Share(cell.vanished, cell.had)
        must = row.distortion.must
        if must is not None:
            cell = row.cells.get(must.value, Cell(without=row.pictures))
            if cell.without >= _MIN_PICTURES:
                missed = Share(cell.without - cell.appeared, cell.without)
                yield row.distortion.name, f"{must.value} missed", missed
