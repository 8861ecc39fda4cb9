"""The items that make a session, read together."""

from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.errors import NotFound
from chalicelib.domain.exams.papers import AnswerProgress
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.sessions.sessions import Session
from chalicelib.services.ports import SessionBundle
from chalicelib.store.item_mapping import (
    ANSWER_PROGRESS,
    CAMERAS,
    IDENTITY,
    MONITOR,
    SESSION,
    answer_progress_of,
)
from chalicelib.store.models import SessionItem, load

BUNDLE_PARTS = (SESSION, ANSWER_PROGRESS, MONITOR, IDENTITY)
"""What every session has from its first moment."""


def bundle_of(items: dict[str, SessionItem]) -> SessionBundle:
    """Return a session's items as one. Raises NotFound where they are not all there."""
    if not items.keys() >= set(BUNDLE_PARTS):
        raise NotFound
    session = load(Session, items[SESSION].body)
    return SessionBundle(
        session=session,
        progress=_answer_progress(items[ANSWER_PROGRESS]),
        monitor=load(MonitorState, items[MONITOR].body),
        identity=load(IdentityCheck, items[IDENTITY].body),
        cameras=load(CameraStatus, items[CAMERAS].body)
        if CAMERAS in items
        else CameraStatus(session.session_id, session.room_id),
    )


def _answer_progress(item: SessionItem) -> AnswerProgress:
    saved_at = int(item.saved_at) if item.saved_at else None
    return answer_progress_of(item.body, int(item.version or 1), item.answered or (), saved_at)
