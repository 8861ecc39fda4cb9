"""A session's whole record, for an appeal or an archive: what `exam.record` checks."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from chalicelib.exam.evidence import Evidence
from chalicelib.services.ports import World

FORMAT = "invigil-record-1"
ALL = 1_000_000
"""More captures than any session has."""

type Rows = list[dict[str, Any]]


def record_of(world: World, session_id: str, by: str, *, captures: bool) -> dict[str, Any]:
    """Return everything that is known of a session, as plain values. Raises NotFound.

    `captures` says whether the observations come too: an hour has a thousand of them.
    """
    whole = world.sessions.whole(session_id)
    session, store = whole.session, world.sessions
    exam = world.registry.exam(session.exam_id)
    subject = exam.subject(session.subject_id)
    looks = store.looks(session_id)
    return {
        "format": FORMAT,
        "exported_at": world.clock(),
        "exported_by": by,
        "exam": asdict(exam.title),
        "subject": asdict(subject.title) if subject else None,
        "session": asdict(session),
        "identity": {**asdict(whole.identity), "embedding": None},
        "head": asdict(session.head),
        "audit": _rows(store.audit(session_id)),
        "looks_head": asdict(looks.head),
        "looks": _rows(store.look_entries(session_id)),
        "evidence": _rows(store.evidence(session_id)),
        "reviews": _rows(store.reviews(session_id)),
        "flags": _rows(store.flags(session_id)),
        "answers": _rows(store.answers(session_id)),
        "observations": _rows(store.observations(session_id, most=ALL)) if captures else [],
    }


def kept_keys(evidence: Iterable[Evidence]) -> list[str]:
    """Return the places of all kept files, each once."""
    return sorted({one.key for piece in evidence for one in piece.exhibits})


def _rows(values: Iterable[Any]) -> Rows:
    return [asdict(one) for one in values]
