"""Deletion on its day: the jobs, and their queue."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DeleteDueFiles:
    """A job: delete the next files of a session that are due."""

    session_id: str


class RetentionQueue(Protocol):
    """The queue of jobs, which the function `retention` processes."""

    def add(self, *jobs: DeleteDueFiles) -> None: ...
