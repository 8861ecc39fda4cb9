"""Figures of an exam's own record, room by room: two reads of the database for each."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.review.record_figures import CountedSession, RecordFigures, count_record
from chalicelib.domain.types import SittingKind
from chalicelib.services.ports import AppContext


def room_figures(context: AppContext, exam_id: str, room_id: str) -> RecordFigures:
    """Return the figures of one room's official sessions.

    Raises NotFound for a room of another exam.
    """
    if context.registry.room(room_id).exam_id != exam_id:
        raise NotFound
    in_room = [bundle.session for bundle in context.sessions.in_room(room_id)]
    sessions = {
        session.session_id: CountedSession(session.subject_id, session.profile)
        for session in in_room
        if session.kind is SittingKind.OFFICIAL
    }
    record = context.sessions.room_reviews(room_id)
    return count_record(sessions, record.flags, record.reviews, record.reviewed_flags)
