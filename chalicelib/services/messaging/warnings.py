"""Danmaku warnings from a proctor to some or all candidates of a room, and their receipts."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.messaging.danmaku import DanmakuWarning, mark_seen
from chalicelib.domain.messaging.transcript import ACKNOWLEDGED, WARNED
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.sessions.states import ENDED_STATES
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor, authorized_room
from chalicelib.services.ports import AppContext


@dataclass(frozen=True, slots=True)
class WarningText:
    """A warning to send; the client chooses `warning_id`, so that a repeat is recognized."""

    warning_id: str
    text: LocalizedText


def send_warnings(
    context: AppContext,
    staff: Staff,
    room_id: str,
    session_ids: Iterable[str] | None,
    text: WarningText,
) -> list[str]:
    """Warn the given sessions of a room, or all; return the ids of those that have not ended.

    Idempotent. Raises NotFound, before anything is sent, where the staff member may not see the
    room or a session is not in it.
    """
    authorized_room(context, staff, room_id)
    if session_ids is None:
        sessions = [bundle.session for bundle in context.sessions.in_room(room_id)]
    else:
        sessions = [
            context.sessions.session(session_id) for session_id in dict.fromkeys(session_ids)
        ]
    if any(session.room_id != room_id for session in sessions):
        raise NotFound
    to_room = session_ids is None
    active_sessions = [session for session in sessions if session.state not in ENDED_STATES]
    for session in active_sessions:
        _send(context, staff, session, text, to_room=to_room)
    return [session.session_id for session in active_sessions]


def _send(
    context: AppContext, staff: Staff, session: Session, text: WarningText, *, to_room: bool
) -> None:
    now, session_id = context.clock(), session.session_id
    warning = DanmakuWarning(
        session_id=session_id,
        room_id=session.room_id,
        warning_id=text.warning_id,
        version=1,
        text=text.text,
        sender=staff.username,
        sender_name=staff.display_name,
        to_room=to_room,
        sent_at=now,
    )

    def attempt() -> None:
        transition = with_audit(
            context.sessions.session(session_id),
            now,
            audit_actor(staff),
            WARNED,
            text=text.text.zh,
            text_en=text.text.en,
            to_room=to_room,
            warning=text.warning_id,
        )
        try:
            context.sessions.commit(transition.session, transition.entry, warning)
        except Conflict:
            if not _is_sent(context, session_id, text.warning_id):
                raise

    retry_on_conflict(attempt)


def _is_sent(context: AppContext, session_id: str, warning_id: str) -> bool:
    try:
        context.messages.warning(session_id, warning_id)
    except NotFound:
        return False
    return True


def record_receipt(
    context: AppContext, session_id: str, warning_id: str, *, acknowledged: bool
) -> None:
    """Record that a warning was shown or acknowledged. Idempotent. Raises NotFound."""
    now = context.clock()

    def attempt() -> None:
        after = mark_seen(
            context.messages.warning(session_id, warning_id), now, acknowledged=acknowledged
        )
        if after is None:
            return
        if not acknowledged:
            context.sessions.commit(after)
            return
        transition = with_audit(
            context.sessions.session(session_id),
            now,
            "candidate",
            ACKNOWLEDGED,
            sent_at=after.sent_at,
            shown_at=after.shown_at,
            warning=warning_id,
        )
        context.sessions.commit(after, transition.session, transition.entry)

    retry_on_conflict(attempt)
