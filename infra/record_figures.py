"""`record-figures`: how the flags of an exam were decided, by kind, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chalicelib.domain.proportions import wilson_interval
from chalicelib.domain.review.record_figures import FigureKey, FlagFigures, RecordFigures
from infra.deployments import Deployment
from infra.errors import InfraError

NOT_RECALL = (
    "This is the share of decided flags that people confirmed, as they judged them. It is not "
    "recall:\nwhat no flag pointed to does not appear here, except what proctors saw and recorded "
    "themselves.\nFlags of one incident are decided together; with few candidates the intervals are "
    "too narrow."
)


def record_figures(deployment: Deployment, exam_id: str) -> list[RecordFigures]:
    """Return the figures of each room of an exam. Raises InfraError for an unknown exam."""
    from chalicelib.domain.errors import NotFound  # noqa: PLC0415
    from chalicelib.services.review.record_figures import room_figures  # noqa: PLC0415
    from infra.context import app_context  # noqa: PLC0415

    with deployment.activated():
        context = app_context(deployment.stage)
        try:
            context.registry.fresh_exam(exam_id)
        except NotFound:
            raise InfraError(f"There is no exam {exam_id}.") from None
        rooms = [room for room in context.registry.rooms() if room.exam_id == exam_id]
        return [room_figures(context, exam_id, room.room_id) for room in rooms]


def summary(rooms: Iterable[RecordFigures]) -> Iterator[str]:
    """Yield the lines of the figures of all rooms together."""
    flags: dict[FigureKey, FlagFigures] = {}
    without_flag: dict[str, int] = {}
    for room in rooms:
        for key, figures in room.flags.items():
            flags[key] = flags.get(key, FlagFigures()).plus(figures)
        for subject_id, count in room.without_flag.items():
            without_flag[subject_id] = without_flag.get(subject_id, 0) + count
    if not flags and not without_flag:
        yield "No flags and no violations are on record in official sessions of this exam."
        return
    for subject_id in sorted({key.subject_id for key in flags} | without_flag.keys()):
        yield f"\n{subject_id}"
        yield _row("kind", "profile", "confirmed of decided", "undecided", "candidates")
        for key in sorted(key for key in flags if key.subject_id == subject_id):
            figures = flags[key]
            counts = str(figures.undecided), str(figures.sessions)
            yield _row(key.kind, key.profile, _share(figures), *counts)
        yield f"violations that no flag pointed to: {without_flag.get(subject_id, 0)}"
    yield f"\n{NOT_RECALL}"


def _row(kind: str, profile: str, share: str, undecided: str, candidates: str) -> str:
    return f"  {kind:20} {profile:10} {share:32} {undecided:>10} {candidates:>11}"


def _share(figures: FlagFigures) -> str:
    if not figures.decided:
        return "none decided"
    low, high = wilson_interval(figures.confirmed, figures.decided)
    share = figures.confirmed / figures.decided
    return f"{figures.confirmed} of {figures.decided}: {share:.0%} [{low:.0%}, {high:.0%}]"
