"""Progress output: one line per step with its duration; an animated display on a terminal."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text


class Step:
    """A running step, whose note can be updated."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.note = ""
        self.failed = False
        self.begin = time.monotonic()

    def update(self, note: str) -> None:
        """Show `note` after the title, replacing the previous note."""
        self.note = note

    @property
    def seconds(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self.begin


class Progress:
    """Steps, sequential or parallel. Prints plain lines when the output is not a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self._running: list[Step] = []
        self._lock = threading.Lock()
        self._live: Live | None = None

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show `title` while the block runs, then its duration or that it failed."""
        step = Step(title)
        self._begin(step)
        try:
            yield step
        except BaseException:
            self._end(step, "[red]✗[/red]")
            raise
        self._end(step, "[red]✗[/red]" if step.failed else "[green]✓[/green]")

    def side_by_side(self, *jobs: Callable[[], object]) -> None:
        """Run the jobs in parallel; raise the first exception once all have ended."""
        with ThreadPoolExecutor(len(jobs)) as pool:
            futures = [pool.submit(job) for job in jobs]
        for future in futures:
            future.result()

    def _begin(self, step: Step) -> None:
        with self._lock:
            self._running.append(step)
            if not self.console.is_terminal:
                self.console.print(f"… {step.title}")
            elif self._live is None:
                self._live = Live(get_renderable=self._table, console=self.console, transient=True)
                self._live.start()

    def _end(self, step: Step, mark: str) -> None:
        with self._lock:
            self._running.remove(step)
            if self._live and not self._running:
                self._live.stop()
                self._live = None
            note = f" [dim]{step.note}[/dim]" if step.note else ""
            self.console.print(f"{mark} {step.title}{note} [dim]{step.seconds:.1f} s[/dim]")

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 1))
        for step in list(self._running):
            text = Text.from_markup(f"{step.title} [dim]{step.note} {step.seconds:.0f} s[/dim]")
            table.add_row(Spinner("dots"), text)
        return table
