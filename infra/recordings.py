"""`python -m infra recordings`: download a session's recordings, with a list of times and hashes."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.deployments import Deployment
from infra.errors import InfraError
from infra.progress import Progress

if TYPE_CHECKING:
    from chalicelib.domain.recording.segments import Segment
    from chalicelib.services.ports import AppContext

LIST = "recordings.csv"
COLUMNS = (
    "file", "track", "began_at", "ended_at", "seconds", "bytes", "sha256", "as_recorded", "error",
)  # fmt: skip
NO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From when to when to download; None for no bound. Times are in ms."""

    began_at: int | None = None
    ended_at: int | None = None

    def overlaps(self, began_at: int, ended_at: int) -> bool:
        """Return whether a segment has a part of the range."""
        begins = self.began_at is None or ended_at > self.began_at
        return begins and (self.ended_at is None or began_at < self.ended_at)


def parse_time(text: str) -> int:
    """Return a time in ms, from ISO 8601 with its offset. Raises InfraError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InfraError(f"{text} is not a time such as 2027-01-15T09:30:00+08:00.") from error
    if moment.tzinfo is None:
        raise InfraError(f"{text} needs its offset, such as +08:00.")
    return int(moment.timestamp() * 1000)


def download(
    deployment: Deployment, progress: Progress, session_id: str, folder: Path, span: TimeRange
) -> None:
    """Download a session's segments into a folder. Raises InfraError where there is none.

    Each plays alone. The list says of each whether its bytes are those that arrived. The download is
    in the session's access log.
    """
    from infra.context import app_context  # noqa: PLC0415

    with deployment.activated(), progress.step("Recordings") as step:
        context = app_context(deployment.stage)
        segments = _segments(context, session_id, span)
        if not segments:
            raise InfraError(f"Session {session_id} has no recordings there.")
        _log_access(context, session_id)
        folder.mkdir(parents=True, exist_ok=True)
        rows = [_write(segment, folder) for segment in segments]
        _write_list(folder / LIST, rows)
        step.update(f"{folder}, {len(rows)} segments")


def _segments(context: AppContext, session_id: str, span: TimeRange) -> list[Segment]:
    from chalicelib.domain.errors import NotFound  # noqa: PLC0415

    try:
        context.sessions.session(session_id)
    except NotFound:
        raise InfraError(f"There is no session {session_id}.") from None
    found = context.sessions.segments(session_id, limit=NO_LIMIT)
    return [segment for segment in found if span.overlaps(segment.began_at, segment.ended_at)][::-1]


def _log_access(context: AppContext, session_id: str) -> None:
    from chalicelib.domain.review.access_log import AccessedItem, log_access  # noqa: PLC0415
    from chalicelib.retry import retry_on_conflict  # noqa: PLC0415

    def attempt() -> None:
        head = context.sessions.access_log_head(session_id)
        logged = log_access(head, "command", AccessedItem.RECORDINGS, context.clock())
        if logged is not None:
            context.sessions.commit(*logged)

    retry_on_conflict(attempt)


def _write(segment: Segment, folder: Path) -> tuple[str, ...]:
    """Write one segment; return its row. One that is gone has no file."""
    from chalicelib.domain.recording.segments import MAX_SEGMENT_BYTES  # noqa: PLC0415
    from chalicelib.wiring.functions import media  # noqa: PLC0415

    content = media().read(segment.key, MAX_SEGMENT_BYTES)
    name = f"{segment.track}-{segment.key.rpartition('/')[2]}"
    as_recorded = "missing"
    if content is not None:
        (folder / name).write_bytes(content.data)
        same = hashlib.sha256(content.data).hexdigest() == segment.sha256
        as_recorded = "yes" if same else "no"
    return (
        "" if content is None else name,
        segment.track,
        _utc(segment.began_at),
        _utc(segment.ended_at),
        f"{segment.duration / 1000:.3f}",
        str(segment.size),
        segment.sha256,
        as_recorded,
        segment.error or "",
    )


def _write_list(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _utc(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
