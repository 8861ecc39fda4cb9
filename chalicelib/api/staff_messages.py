"""Routes of the staff's messages: warnings, chats, calls."""

from chalicelib.api.call_signals import ENDS, signal_step
from chalicelib.api.candidate_messages import chat_view
from chalicelib.api.roles import PROCTOR_OR_ADMIN, STAFF, SUPPORT_OR_ADMIN
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.errors import BadInput, Conflict, TooMany, WrongState
from chalicelib.domain.messaging.calls import CallEnd, LineBusy, TooManyViewers
from chalicelib.domain.messaging.chats import Chat, Side
from chalicelib.domain.types import LocalizedText
from chalicelib.schemas.common import Done
from chalicelib.schemas.messages import (
    CallAnswerIn,
    CallIn,
    CallOut,
    ChatActionIn,
    ChatsOut,
    ChatView,
    MessageIn,
    MessagesOut,
    ReadIn,
    SignalIn,
    WarningIn,
    WarningSentOut,
)
from chalicelib.schemas.serializers.messages import (
    call_out,
    calls_out,
    chat_out,
    signals_out,
    warning_out,
)
from chalicelib.services.core import access
from chalicelib.services.messaging import calls, chat, warnings
from chalicelib.services.messaging.warnings import WarningText

routes = Routes("chalicelib.api.staff_messages")


@routes.add(
    "POST",
    "/proctor/rooms/{room_id}/warnings",
    tag=Tag.STAFF_MESSAGES,
    roles=PROCTOR_OR_ADMIN,
    body=WarningIn,
    response=WarningSentOut,
    errors=(Conflict,),
)
def warn(request: ApiRequest, body: WarningIn, room_id: str) -> WarningSentOut:
    """Send a danmaku warning to some candidates of a room, or to all."""
    text = WarningText(body.warning_id, LocalizedText(body.text.zh, body.text.en))
    session_ids = warnings.send_warnings(
        request.context, request.staff, room_id, body.session_ids, text
    )
    return WarningSentOut(session_ids=session_ids)


@routes.add(
    "GET",
    "/proctor/sessions/{session_id}/messages",
    tag=Tag.STAFF_MESSAGES,
    roles=PROCTOR_OR_ADMIN,
    response=MessagesOut,
)
def show_candidate_messages(request: ApiRequest, session_id: str) -> MessagesOut:
    """Show a candidate's warnings, calls and chat, and the signals of one's own calls."""
    context, staff = request.context, request.staff
    session = access.authorized_session(context, staff, session_id).session
    session_calls = calls.read_calls(context, session)
    signals = calls.pending_signals(
        context, session_calls, Side.STAFF, lambda call: call.staff == staff.username
    )
    return MessagesOut(
        warnings=[warning_out(warning) for warning in context.messages.warnings(session_id)],
        calls=calls_out(session_calls),
        signals=signals_out(signals),
        chat=chat_out(chat.read_chat(context, session)),
        now=context.clock(),
    )


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/calls",
    tag=Tag.CALLS,
    roles=PROCTOR_OR_ADMIN,
    body=CallIn,
    response=CallOut,
    errors=(Conflict, LineBusy, WrongState, TooManyViewers),
)
def open_call(request: ApiRequest, body: CallIn, session_id: str) -> CallOut:
    """Call a candidate, or watch live video of a view; either is audited."""
    call = calls.request_call(
        request.context, request.staff, session_id, body.call_id, body.kind, body.reason or None
    )
    return call_out(call)


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/calls/{call_id}",
    tag=Tag.CALLS,
    roles=PROCTOR_OR_ADMIN,
    body=CallAnswerIn,
    response=CallOut,
    errors=(Conflict,),
)
def end_call(request: ApiRequest, body: CallAnswerIn, session_id: str, call_id: str) -> CallOut:
    """End a call of one's own."""
    end = ENDS[body.answer]
    if end not in {CallEnd.HUNG_UP, CallEnd.LOST}:
        raise BadInput
    return call_out(calls.hang_up_call(request.context, request.staff, session_id, call_id, end))


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/calls/{call_id}/signals",
    tag=Tag.CALLS,
    roles=PROCTOR_OR_ADMIN,
    body=SignalIn,
    response=Done,
    errors=(TooMany,),
)
def signal_from_console(request: ApiRequest, body: SignalIn, session_id: str, call_id: str) -> Done:
    """Send a WebRTC signal to the candidate's browser."""
    calls.signal_from_staff(request.context, request.staff, session_id, call_id, signal_step(body))
    return Done()


def _chats_out(request: ApiRequest, chats: list[Chat]) -> ChatsOut:
    return ChatsOut(chats=[chat_out(chat) for chat in chats], now=request.context.clock())


@routes.add(
    "GET",
    "/proctor/rooms/{room_id}/chats",
    tag=Tag.STAFF_MESSAGES,
    roles=PROCTOR_OR_ADMIN,
    response=ChatsOut,
)
def show_room_chats(request: ApiRequest, room_id: str) -> ChatsOut:
    """Show the open chats of a room."""
    return _chats_out(request, chat.chats_of_room(request.context, request.staff, room_id))


@routes.add(
    "GET",
    "/support/exams/{exam_id}/chats",
    tag=Tag.STAFF_MESSAGES,
    roles=SUPPORT_OR_ADMIN,
    response=ChatsOut,
)
def show_exam_chats(request: ApiRequest, exam_id: str) -> ChatsOut:
    """Show the open chats of an exam: the queue of support."""
    return _chats_out(request, chat.chats_of_exam(request.context, exam_id))


@routes.add(
    "GET", "/staff/chats/{session_id}", tag=Tag.STAFF_MESSAGES, roles=STAFF, response=ChatView
)
def show_chat_to_staff(request: ApiRequest, session_id: str) -> ChatView:
    """Show a candidate's chat."""
    return chat_view(
        request.context, chat.session_for_support(request.context, request.staff, session_id)
    )


@routes.add(
    "POST",
    "/staff/chats/{session_id}",
    tag=Tag.STAFF_MESSAGES,
    roles=STAFF,
    body=MessageIn,
    response=ChatView,
    errors=(Conflict, TooMany),
)
def post_to_candidate(request: ApiRequest, body: MessageIn, session_id: str) -> ChatView:
    """Post a message to a candidate."""
    session = chat.post_as_staff(
        request.context, request.staff, session_id, body.message_id, body.text
    )
    return chat_view(request.context, session)


@routes.add(
    "POST",
    "/staff/chats/{session_id}/read",
    tag=Tag.STAFF_MESSAGES,
    roles=STAFF,
    body=ReadIn,
    response=Done,
    errors=(Conflict,),
)
def mark_candidate_read(request: ApiRequest, body: ReadIn, session_id: str) -> Done:
    """Record how far a candidate's chat was read."""
    session = chat.session_for_support(request.context, request.staff, session_id)
    chat.record_read(request.context, session, Side.STAFF, body.number)
    return Done()


@routes.add(
    "POST",
    "/staff/chats/{session_id}/care",
    tag=Tag.STAFF_MESSAGES,
    roles=STAFF,
    body=ChatActionIn,
    response=Done,
    errors=(Conflict,),
)
def change_chat_assignment(request: ApiRequest, body: ChatActionIn, session_id: str) -> Done:
    """Assign a chat to oneself, release it, or mark it as resolved."""
    chat.change_assignment(request.context, request.staff, session_id, body.care)
    return Done()
