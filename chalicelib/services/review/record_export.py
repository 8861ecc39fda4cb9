"""A session's complete record, for an appeal or an archive; `record_integrity` verifies it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from chalicelib.domain.exams.papers import Answer
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.domain.review.evidence import Evidence
from chalicelib.services.messaging.chat import read_chat
from chalicelib.services.ports import AppContext

FORMAT = "invigil-record-3"
NO_LIMIT = 1_000_000
"""More observations than any session has."""

type Rows = list[dict[str, Any]]


def export_record(
    context: AppContext, session_id: str, by: str, *, captures: bool, answers: bool
) -> dict[str, Any]:
    """Return everything that is stored about a session, as plain values. Raises NotFound.

    `captures` includes the observations, of which an hour has about a thousand. Without `answers`
    the record says which questions were answered when, and not what: who watches need not read it.
    """
    bundle = context.sessions.bundle(session_id)
    session, store = bundle.session, context.sessions
    exam = context.registry.exam_with_subject(session.exam_id, session.subject_id)
    subject = exam.subject(session.subject_id)
    access_head, chat = store.access_log_head(session_id), read_chat(context, session)
    return {
        "format": FORMAT,
        "exported_at": context.clock(),
        "exported_by": by,
        "exam": asdict(exam.title),
        "time_zone": exam.time_zone,
        "subject": asdict(subject.title) if subject else None,
        "session": asdict(session),
        "identity": {**asdict(bundle.identity), "embedding": None, "voice": None},
        "head": asdict(session.head),
        "audit": _rows(store.audit(session_id)),
        "looks_head": asdict(access_head.head),
        "looks": _rows(store.access_entries(session_id)),
        "warnings": [_warning_row(warning) for warning in context.messages.warnings(session_id)],
        "chat_head": asdict(chat.head),
        "chat": _rows(context.messages.chat_messages(session_id)),
        "recordings_head": asdict(store.recording_log_head(session_id).head),
        "recordings": _rows(store.segment_entries(session_id)),
        "deletions": _rows(store.deletion_receipts(session_id)),
        "evidence": _rows(store.evidence(session_id)),
        "reviews": _rows(store.reviews(session_id)),
        "flags": _rows(store.flags(session_id)),
        "with_answers": answers,
        "answers": [_answer_row(answer, told=answers) for answer in store.answers(session_id)],
        "with_captures": captures,
        "observations": _rows(store.observations(session_id, limit=NO_LIMIT)) if captures else [],
        "segments": _rows(store.segments(session_id, limit=NO_LIMIT)) if captures else [],
    }


def evidence_keys(evidence: Iterable[Evidence]) -> list[str]:
    """Return the keys of all files in the evidence bucket, each once."""
    return sorted({exhibit.key for item in evidence for exhibit in item.exhibits})


def _answer_row(answer: Answer, *, told: bool) -> dict[str, Any]:
    row = asdict(answer)
    return row if told else {name: value for name, value in row.items() if name != "value"}


def _warning_row(warning: DanmakuWarning) -> dict[str, Any]:
    """Return a warning as the audit chain attests it: with a receipt only if it was acknowledged."""
    acknowledged = warning.acknowledged_at is not None
    return {
        "warning_id": warning.warning_id,
        "by": warning.sender,
        "text": asdict(warning.text),
        "to_room": warning.to_room,
        "sent_at": warning.sent_at,
        "shown_at": warning.shown_at if acknowledged else None,
        "acknowledged_at": warning.acknowledged_at,
    }


def _rows(values: Iterable[Any]) -> Rows:
    return [asdict(value) for value in values]
