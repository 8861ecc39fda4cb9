"""How long each stage of a look took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class StageTimer:
    """Adds up milliseconds by the name of the stage."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside the block for *name*."""
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - started) * 1000
            self._spent[name] = self._spent.get(name, 0.0) + spent

    def read(self) -> dict[str, float]:
        """Milliseconds by stage, rounded for the record."""
        return {name: round(spent, 2) for name, spent in self._spent.items()}
