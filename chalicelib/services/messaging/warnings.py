"""Danmaku warnings: from a proctor to one, several or all of a room, and their receipts."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.messaging.danmaku import DanmakuWarning, mark_seen
from chalicelib.domain.messaging.transcript import ACKNOWLEDGED, WARNED
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor, authorized_room
from chalicelib.services.ports import AppContext


@dataclass(frozen=True, slots=True)
class WarningText:
    """A warning before it is sent; `warning_id` is the sender's, so that a repeat is known."""

    warning_id: str
    text: LocalizedText


def warn(
    world: AppContext,
    staff: Staff,
    room_id: str,
    session_ids: Iterable[str] | None,
    wording: WarningText,
) -> list[str]:
    """Warn some sessions of a room, or all that are not over; return whom it went to.

    Raises NotFound, before anything is sent, where the room or a session is not this person's.
    """
    authorized_room(world, staff, room_id)
    if session_ids is None:
        sessions = [bundle.session for bundle in world.sessions.in_room(room_id)]
    else:
        sessions = [world.sessions.session(fromkey) for fromkey in dict.fromkeys(session_ids)]
    if any(one.room_id != room_id for one in sessions):
        raise NotFound
    to_room = session_ids is None
    reached = [one for one in sessions if one.state not in FINAL_STATES]
    for session in reached:
        _send(world, staff, session, wording, to_room=to_room)
    return [one.session_id for one in reached]


def _send(
    world: AppContext, staff: Staff, session: Session, wording: WarningText, *, to_room: bool
) -> None:
    now, session_id = world.clock(), session.session_id
    warning = DanmakuWarning(
        session_id=session_id,
        room_id=session.room_id,
        warning_id=wording.warning_id,
        version=1,
        text=wording.text,
        sender=staff.username,
        sender_name=staff.display_name,
        to_room=to_room,
        sent_at=now,
    )

    def attempt() -> None:
        change = with_audit(
            world.sessions.session(session_id),
            now,
            audit_actor(staff),
            WARNED,
            text=wording.text.zh,
            text_en=wording.text.en,
            to_room=to_room,
            warning=wording.warning_id,
        )
        try:
            world.sessions.commit(change.session, change.entry, warning)
        except Conflict:
            if not _is_sent(world, session_id, wording.warning_id):
                raise

    retry_on_conflict(attempt)


def _is_sent(world: AppContext, session_id: str, warning_id: str) -> bool:
    try:
        world.messages.warning(session_id, warning_id)
    except NotFound:
        return False
    return True


def acknowledge(world: AppContext, session_id: str, warning_id: str, *, acknowledged: bool) -> None:
    """Note that a warning was shown or acknowledged; again, it changes nothing. Raises NotFound."""
    now = world.clock()

    def attempt() -> None:
        after = mark_seen(
            world.messages.warning(session_id, warning_id), now, acknowledged=acknowledged
        )
        if after is None:
            return
        if not acknowledged:
            world.sessions.commit(after)
            return
        change = with_audit(
            world.sessions.session(session_id),
            now,
            "candidate",
            ACKNOWLEDGED,
            sent_at=after.sent_at,
            shown_at=after.shown_at,
            warning=warning_id,
        )
        world.sessions.commit(after, change.session, change.entry)

    retry_on_conflict(attempt)
