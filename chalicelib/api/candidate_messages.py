"""Routes of what a candidate's devices say and hear: warnings, support chat, calls."""

from chalicelib.api.call_signals import ENDS, told
from chalicelib.api.routing import Call, Routes
from chalicelib.domain.messaging.calls import Device
from chalicelib.domain.messaging.chats import Side
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Role
from chalicelib.schemas.common import Done, TextOut
from chalicelib.schemas.messages import (
    CallAnswerIn,
    ChatView,
    MessageIn,
    MessagesOut,
    PhoneMessagesOut,
    ReadIn,
    SignalIn,
    WarningSeenIn,
)
from chalicelib.schemas.serializers.messages import (
    calls_out,
    chat_out,
    message_out,
    signals_out,
    warning_out,
)
from chalicelib.services.messaging import calls, chat, warnings
from chalicelib.services.ports import World

routes = Routes("chalicelib.api.candidate_messages")
CANDIDATE = frozenset({Role.CANDIDATE})
PHONE = frozenset({Role.PHONE})


@routes.add("GET", "/candidate/messages", roles=CANDIDATE, answer=MessagesOut)
def show_messages(call: Call) -> MessagesOut:
    """Show the warnings, the calls with their signals, and how far the chat has come."""
    world = call.world
    session = world.sessions.session(call.who.subject)
    session_calls = calls.read_calls(world, session)
    signals = calls.signals_for(
        world, session_calls, Side.DEVICE, lambda one: one.device is Device.EXAM
    )
    return MessagesOut(
        warnings=[warning_out(one) for one in world.messages.warnings(session.session_id)],
        calls=calls_out(session_calls),
        signals=signals_out(signals),
        chat=chat_out(chat.read_chat(world, session)),
        now=world.clock(),
    )


@routes.add(
    "POST",
    "/candidate/warnings/{warning_id}",
    roles=CANDIDATE,
    body=WarningSeenIn,
    answer=Done,
)
def see_warning(call: Call, body: WarningSeenIn, warning_id: str) -> Done:
    """Say that a warning was shown, or acknowledge it."""
    warnings.note_seen(call.world, call.who.subject, warning_id, acknowledged=body.acknowledged)
    return Done()


def chat_view(world: World, session: Session) -> ChatView:
    """Show a chat whole, with the hours of the exam's support."""
    return ChatView(
        chat=chat_out(chat.read_chat(world, session)),
        messages=[message_out(one) for one in chat.read_messages(world, session)],
        hours=TextOut.of(world.registry.exam(session.exam_id).support),
        now=world.clock(),
    )


@routes.add("GET", "/candidate/chat", roles=CANDIDATE, answer=ChatView)
def show_chat(call: Call) -> ChatView:
    """Show the support chat."""
    return chat_view(call.world, call.world.sessions.session(call.who.subject))


@routes.add("POST", "/candidate/chat", roles=CANDIDATE, body=MessageIn, answer=ChatView)
def write_to_support(call: Call, body: MessageIn) -> ChatView:
    """Write to support."""
    session = chat.say_as_candidate(call.world, call.who.subject, body.message_id, body.text)
    return chat_view(call.world, session)


@routes.add("POST", "/candidate/chat/read", roles=CANDIDATE, body=ReadIn, answer=Done)
def read_support(call: Call, body: ReadIn) -> Done:
    """Say how far the chat was read."""
    session = call.world.sessions.session(call.who.subject)
    chat.note_read(call.world, session, Side.DEVICE, body.number)
    return Done()


@routes.add("POST", "/candidate/calls/{call_id}", roles=CANDIDATE, body=CallAnswerIn, answer=Done)
def answer_call(call: Call, body: CallAnswerIn, call_id: str) -> Done:
    """Accept, decline or end a call to the exam page."""
    calls.answer_call(call.world, call.who.subject, Device.EXAM, call_id, ENDS[body.answer])
    return Done()


@routes.add(
    "POST", "/candidate/calls/{call_id}/signals", roles=CANDIDATE, body=SignalIn, answer=Done
)
def signal_from_exam_page(call: Call, body: SignalIn, call_id: str) -> Done:
    """Tell the staff member's browser how to connect."""
    calls.signal_from_device(call.world, call.who.subject, Device.EXAM, call_id, told(body))
    return Done()


@routes.add("GET", "/phone/messages", roles=PHONE, answer=PhoneMessagesOut)
def show_phone_messages(call: Call) -> PhoneMessagesOut:
    """Show who watches the second view, and the signals for it."""
    world = call.world
    session_calls = calls.read_calls(world, world.sessions.session(call.who.subject))
    signals = calls.signals_for(
        world, session_calls, Side.DEVICE, lambda one: one.device is Device.PHONE
    )
    return PhoneMessagesOut(
        calls=calls_out(session_calls, device=Device.PHONE),
        signals=signals_out(signals),
        now=world.clock(),
    )


@routes.add("POST", "/phone/calls/{call_id}", roles=PHONE, body=CallAnswerIn, answer=Done)
def answer_phone_call(call: Call, body: CallAnswerIn, call_id: str) -> Done:
    """End live video of the second view."""
    calls.answer_call(call.world, call.who.subject, Device.PHONE, call_id, ENDS[body.answer])
    return Done()


@routes.add("POST", "/phone/calls/{call_id}/signals", roles=PHONE, body=SignalIn, answer=Done)
def signal_from_phone(call: Call, body: SignalIn, call_id: str) -> Done:
    """Tell the staff member's browser how to connect."""
    calls.signal_from_device(call.world, call.who.subject, Device.PHONE, call_id, told(body))
    return Done()
