"""The support chat: candidates write at any stage, support and the room's proctors answer."""

from collections.abc import Callable

from chalicelib.domain.errors import NotFound
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.messaging.chats import (
    Chat,
    ChatAction,
    ChatMessage,
    Side,
    apply_chat_action,
    mark_read,
    post_message,
)
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Role
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import authorized_room
from chalicelib.services.ports import AppContext


def read_chat(context: AppContext, session: Session) -> Chat:
    """Return a session's chat, empty before the first message."""
    return context.messages.chat(session.session_id, session.room_id) or Chat(
        session.session_id,
        session.exam_id,
        session.room_id,
        session.candidate_name,
        session.admission_number,
    )


def read_messages(context: AppContext, session: Session) -> list[ChatMessage]:
    """Return a session's messages, in order."""
    return context.messages.chat_messages(session.session_id)


def session_for_support(context: AppContext, staff: Staff, session_id: str) -> Session:
    """Return a session whose chat a staff member may read: support any, others in their rooms.

    Raises NotFound.
    """
    session = context.sessions.session(session_id)
    if staff.role is not Role.SUPPORT and not staff.may_see(session.room_id):
        raise NotFound
    return session


def chats_of_exam(context: AppContext, exam_id: str) -> list[Chat]:
    """Return an exam's open chats, the longest waiting first. Raises NotFound."""
    context.registry.exam(exam_id)
    return _queue(context.messages.chats(exam_id, None))


def chats_of_room(context: AppContext, staff: Staff, room_id: str) -> list[Chat]:
    """Return a room's open chats, the longest waiting first. Raises NotFound."""
    room, _ = authorized_room(context, staff, room_id)
    return _queue(context.messages.chats(room.exam_id, room_id))


def _queue(chats: list[Chat]) -> list[Chat]:
    return sorted(
        chats,
        key=lambda chat: (chat.count <= chat.read_by_staff, chat.last_at or 0, chat.session_id),
    )


def post_as_candidate(context: AppContext, session_id: str, message_id: str, text: str) -> Session:
    """Post a candidate's message. Idempotent. Raises TooMany."""
    session = context.sessions.session(session_id)
    _post(context, session, Side.DEVICE, "", message_id, text)
    return session


def post_as_staff(
    context: AppContext, staff: Staff, session_id: str, message_id: str, text: str
) -> Session:
    """Post a staff member's message; an unassigned chat is assigned to them. Idempotent.

    Raises NotFound, TooMany.
    """
    session = session_for_support(context, staff, session_id)
    _post(context, session, Side.STAFF, staff.display_name, message_id, text)
    if read_chat(context, session).staff is None:
        change_assignment(context, staff, session_id, ChatAction.ASSIGN)
    return session


def _post(
    context: AppContext, session: Session, side: Side, author: str, message_id: str, text: str
) -> None:
    def attempt() -> None:
        posted = post_message(
            read_chat(context, session), side, author, message_id, text, context.clock()
        )
        if posted is not None:
            context.sessions.commit(posted.chat, posted.message)

    retry_on_conflict(attempt)


def record_read(context: AppContext, session: Session, side: Side, number: int) -> None:
    """Record up to which message a side has read."""
    _change(context, session, lambda chat: mark_read(chat, side, number))


def change_assignment(
    context: AppContext, staff: Staff, session_id: str, action: ChatAction
) -> None:
    """Assign a chat, release it, or mark it as resolved. Raises NotFound, Conflict."""
    session = session_for_support(context, staff, session_id)
    _change(
        context,
        session,
        lambda chat: apply_chat_action(chat, staff.username, staff.display_name, action),
    )


def _change(context: AppContext, session: Session, decide: Callable[[Chat], Chat | None]) -> None:
    def attempt() -> None:
        before = read_chat(context, session)
        after = decide(before)
        if after is not None and before.count > 0:
            context.sessions.commit(after)

    retry_on_conflict(attempt)
