"""Wall-clock time of each stage of the pipeline."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class StageTimer:
    """Accumulates milliseconds by the name of the stage."""

    def __init__(self) -> None:
        self._milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time inside the block to the stage *name*."""
        start_time = time.perf_counter()
        try:
            yield
        finally:
            elapsed = (time.perf_counter() - start_time) * 1000
            self._milliseconds[name] = self._milliseconds.get(name, 0.0) + elapsed

    def read(self) -> dict[str, float]:
        """Return milliseconds by stage, rounded."""
        return {name: round(spent, 2) for name, spent in self._milliseconds.items()}
