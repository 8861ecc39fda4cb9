"""Price tables: list prices of us-east-1, or a file for another region or a contract."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

from chalicelib.domain.prices import US_EAST_1, Prices
from infra.errors import InfraError

__all__ = ["US_EAST_1", "Prices", "read_prices"]


def read_prices(path: Path) -> Prices:
    """Read a price table from a TOML file. Raises InfraError by field."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InfraError(f"{path}: {error}") from error
    texts = {"region", "currency", "as_of"}
    expected = {field.name for field in fields(Prices)}
    if wrong := expected ^ values.keys():
        names = ", ".join(sorted(wrong))
        raise InfraError(f"{path}: these fields are missing or unknown: {names}")
    for name, value in values.items():
        is_price = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        if not (isinstance(value, str) if name in texts else is_price):
            raise InfraError(f"{path}: {name} must be {'text' if name in texts else 'a price'}")
    return Prices(**values)
