"""Routes of what staff say to candidates and hear of them: warnings, chats, calls."""

from chalicelib.api.call_signals import ENDS, told
from chalicelib.api.candidate_messages import chat_view
from chalicelib.api.routing import Call, Routes
from chalicelib.domain.errors import BadInput
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.messaging.calls import CallEnd
from chalicelib.domain.messaging.chats import Chat, Side
from chalicelib.domain.types import STAFF_ROLES, Role, Text
from chalicelib.schemas.common import Done
from chalicelib.schemas.messages import (
    CallAnswerIn,
    CallIn,
    CallOut,
    CareIn,
    ChatsOut,
    ChatView,
    MessageIn,
    MessagesOut,
    ReadIn,
    SignalIn,
    WarnedOut,
    WarnIn,
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
from chalicelib.services.messaging.warnings import Wording

routes = Routes("chalicelib.api.staff_messages")
WATCHERS = frozenset({Role.PROCTOR, Role.ADMIN})
HELPERS = frozenset({Role.SUPPORT, Role.ADMIN})


def _staff(call: Call) -> Staff:
    return access.staff_named(call.world, call.who.subject)


@routes.add(
    "POST", "/proctor/rooms/{room_id}/warnings", roles=WATCHERS, body=WarnIn, answer=WarnedOut
)
def warn(call: Call, body: WarnIn, room_id: str) -> WarnedOut:
    """Send a danmaku warning to some candidates of a room, or announce it to all."""
    wording = Wording(body.warning_id, Text(body.text.zh, body.text.en))
    reached = warnings.warn(call.world, _staff(call), room_id, body.session_ids, wording)
    return WarnedOut(session_ids=reached)


@routes.add("GET", "/proctor/sessions/{session_id}/messages", roles=WATCHERS, answer=MessagesOut)
def show_seat_messages(call: Call, session_id: str) -> MessagesOut:
    """Show a candidate's warnings, calls and chat, and the signals of one's own calls."""
    world, staff = call.world, _staff(call)
    session = access.session_for(world, staff, session_id).session
    session_calls = calls.read_calls(world, session)
    signals = calls.signals_for(
        world, session_calls, Side.STAFF, lambda one: one.staff == staff.username
    )
    return MessagesOut(
        warnings=[warning_out(one) for one in world.messages.warnings(session_id)],
        calls=calls_out(session_calls),
        signals=signals_out(signals),
        chat=chat_out(chat.read_chat(world, session)),
        now=world.clock(),
    )


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/calls",
    roles=WATCHERS,
    body=CallIn,
    answer=CallOut,
)
def ask_call(call: Call, body: CallIn, session_id: str) -> CallOut:
    """Call a candidate, or look at live video of a view; each is audited."""
    asked = calls.ask_call(
        call.world, _staff(call), session_id, body.call_id, body.kind, body.reason or None
    )
    return call_out(asked)


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/calls/{call_id}",
    roles=WATCHERS,
    body=CallAnswerIn,
    answer=CallOut,
)
def end_call(call: Call, body: CallAnswerIn, session_id: str, call_id: str) -> CallOut:
    """End a call of one's own."""
    how = ENDS[body.answer]
    if how not in {CallEnd.HUNG_UP, CallEnd.LOST}:
        raise BadInput
    return call_out(calls.end_call(call.world, _staff(call), session_id, call_id, how))


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/calls/{call_id}/signals",
    roles=WATCHERS,
    body=SignalIn,
    answer=Done,
)
def signal_from_console(call: Call, body: SignalIn, session_id: str, call_id: str) -> Done:
    """Tell the candidate's browser how to connect."""
    calls.signal_from_staff(call.world, _staff(call), session_id, call_id, told(body))
    return Done()


def _chats_out(call: Call, chats: list[Chat]) -> ChatsOut:
    return ChatsOut(chats=[chat_out(one) for one in chats], now=call.world.clock())


@routes.add("GET", "/proctor/rooms/{room_id}/chats", roles=WATCHERS, answer=ChatsOut)
def show_room_chats(call: Call, room_id: str) -> ChatsOut:
    """Show the chats of a room that are not settled."""
    return _chats_out(call, chat.chats_of_room(call.world, _staff(call), room_id))


@routes.add("GET", "/support/exams/{exam_id}/chats", roles=HELPERS, answer=ChatsOut)
def show_exam_chats(call: Call, exam_id: str) -> ChatsOut:
    """Show the chats of an exam that are not settled: support's queue."""
    return _chats_out(call, chat.chats_of_exam(call.world, exam_id))


@routes.add("GET", "/staff/chats/{session_id}", roles=STAFF_ROLES, answer=ChatView)
def show_chat_to_staff(call: Call, session_id: str) -> ChatView:
    """Show a candidate's chat."""
    return chat_view(call.world, chat.session_to_help(call.world, _staff(call), session_id))


@routes.add("POST", "/staff/chats/{session_id}", roles=STAFF_ROLES, body=MessageIn, answer=ChatView)
def write_to_candidate(call: Call, body: MessageIn, session_id: str) -> ChatView:
    """Answer a candidate."""
    session = chat.say_as_staff(call.world, _staff(call), session_id, body.message_id, body.text)
    return chat_view(call.world, session)


@routes.add("POST", "/staff/chats/{session_id}/read", roles=STAFF_ROLES, body=ReadIn, answer=Done)
def read_candidate(call: Call, body: ReadIn, session_id: str) -> Done:
    """Say how far a candidate's chat was read."""
    session = chat.session_to_help(call.world, _staff(call), session_id)
    chat.note_read(call.world, session, Side.STAFF, body.number)
    return Done()


@routes.add("POST", "/staff/chats/{session_id}/care", roles=STAFF_ROLES, body=CareIn, answer=Done)
def care_for_chat(call: Call, body: CareIn, session_id: str) -> Done:
    """Take a chat over, free it, or settle it."""
    chat.care_for(call.world, _staff(call), session_id, body.care)
    return Done()
