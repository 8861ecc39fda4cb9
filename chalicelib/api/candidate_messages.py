"""Routes of the candidate's messages: warnings, support chat, calls."""

from chalicelib.api.call_signals import ENDS, signal_step
from chalicelib.api.roles import CANDIDATE, PHONE
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.errors import Conflict, TooMany
from chalicelib.domain.messaging.calls import Endpoint
from chalicelib.domain.messaging.chats import Side
from chalicelib.domain.sessions.sessions import Session
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
from chalicelib.services.ports import AppContext

routes = Routes("chalicelib.api.candidate_messages")


@routes.add(
    "GET", "/candidate/messages", tag=Tag.CANDIDATE_MESSAGES, roles=CANDIDATE, response=MessagesOut
)
def show_messages(request: ApiRequest) -> MessagesOut:
    """Show the warnings, the calls with their signals, and the head of the chat."""
    context = request.context
    session = context.sessions.session(request.caller.subject)
    session_calls = calls.read_calls(context, session)
    signals = calls.pending_signals(
        context, session_calls, Side.DEVICE, lambda call: call.endpoint is Endpoint.EXAM
    )
    return MessagesOut(
        warnings=[
            warning_out(warning) for warning in context.messages.warnings(session.session_id)
        ],
        calls=calls_out(session_calls),
        signals=signals_out(signals),
        chat=chat_out(chat.read_chat(context, session)),
        now=context.clock(),
    )


@routes.add(
    "POST",
    "/candidate/warnings/{warning_id}",
    tag=Tag.CANDIDATE_MESSAGES,
    roles=CANDIDATE,
    body=WarningSeenIn,
    response=Done,
    errors=(Conflict,),
)
def acknowledge_warning(request: ApiRequest, body: WarningSeenIn, warning_id: str) -> Done:
    """Record that a warning was shown, or acknowledge it."""
    warnings.record_receipt(
        request.context, request.caller.subject, warning_id, acknowledged=body.acknowledged
    )
    return Done()


def chat_view(context: AppContext, session: Session) -> ChatView:
    """Return a chat with all its messages and the exam's support hours."""
    return ChatView(
        chat=chat_out(chat.read_chat(context, session)),
        messages=[message_out(message) for message in chat.read_messages(context, session)],
        hours=TextOut.of(context.registry.exam(session.exam_id).support),
        now=context.clock(),
    )


@routes.add(
    "GET", "/candidate/chat", tag=Tag.CANDIDATE_MESSAGES, roles=CANDIDATE, response=ChatView
)
def show_chat(request: ApiRequest) -> ChatView:
    """Show the support chat."""
    return chat_view(request.context, request.context.sessions.session(request.caller.subject))


@routes.add(
    "POST",
    "/candidate/chat",
    tag=Tag.CANDIDATE_MESSAGES,
    roles=CANDIDATE,
    body=MessageIn,
    response=ChatView,
    errors=(Conflict, TooMany),
)
def post_to_support(request: ApiRequest, body: MessageIn) -> ChatView:
    """Post a message to support."""
    session = chat.post_as_candidate(
        request.context, request.caller.subject, body.message_id, body.text
    )
    return chat_view(request.context, session)


@routes.add(
    "POST",
    "/candidate/chat/read",
    tag=Tag.CANDIDATE_MESSAGES,
    roles=CANDIDATE,
    body=ReadIn,
    response=Done,
    errors=(Conflict,),
)
def mark_support_read(request: ApiRequest, body: ReadIn) -> Done:
    """Record how far the chat was read."""
    session = request.context.sessions.session(request.caller.subject)
    chat.record_read(request.context, session, Side.DEVICE, body.number)
    return Done()


@routes.add(
    "POST",
    "/candidate/calls/{call_id}",
    tag=Tag.CALLS,
    roles=CANDIDATE,
    body=CallAnswerIn,
    response=Done,
    errors=(Conflict,),
)
def answer_call(request: ApiRequest, body: CallAnswerIn, call_id: str) -> Done:
    """Accept, decline or end a call to the exam page."""
    calls.answer_call(
        request.context, request.caller.subject, Endpoint.EXAM, call_id, ENDS[body.answer]
    )
    return Done()


@routes.add(
    "POST",
    "/candidate/calls/{call_id}/signals",
    tag=Tag.CALLS,
    roles=CANDIDATE,
    body=SignalIn,
    response=Done,
    errors=(TooMany,),
)
def signal_from_exam_page(request: ApiRequest, body: SignalIn, call_id: str) -> Done:
    """Send a WebRTC signal to the staff member's browser."""
    calls.signal_from_device(
        request.context, request.caller.subject, Endpoint.EXAM, call_id, signal_step(body)
    )
    return Done()


@routes.add("GET", "/phone/messages", tag=Tag.CALLS, roles=PHONE, response=PhoneMessagesOut)
def show_phone_messages(request: ApiRequest) -> PhoneMessagesOut:
    """Show the calls of the second view, and their signals."""
    context = request.context
    session_calls = calls.read_calls(context, context.sessions.session(request.caller.subject))
    signals = calls.pending_signals(
        context, session_calls, Side.DEVICE, lambda call: call.endpoint is Endpoint.PHONE
    )
    return PhoneMessagesOut(
        calls=calls_out(session_calls, device=Endpoint.PHONE),
        signals=signals_out(signals),
        now=context.clock(),
    )


@routes.add(
    "POST",
    "/phone/calls/{call_id}",
    tag=Tag.CALLS,
    roles=PHONE,
    body=CallAnswerIn,
    response=Done,
    errors=(Conflict,),
)
def answer_phone_call(request: ApiRequest, body: CallAnswerIn, call_id: str) -> Done:
    """End live video of the second view."""
    calls.answer_call(
        request.context, request.caller.subject, Endpoint.PHONE, call_id, ENDS[body.answer]
    )
    return Done()


@routes.add(
    "POST",
    "/phone/calls/{call_id}/signals",
    tag=Tag.CALLS,
    roles=PHONE,
    body=SignalIn,
    response=Done,
    errors=(TooMany,),
)
def signal_from_phone(request: ApiRequest, body: SignalIn, call_id: str) -> Done:
    """Send a WebRTC signal from the phone to the staff member's browser."""
    calls.signal_from_device(
        request.context, request.caller.subject, Endpoint.PHONE, call_id, signal_step(body)
    )
    return Done()
