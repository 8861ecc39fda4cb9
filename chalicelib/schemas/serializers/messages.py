"""From warnings, calls, signals and chats to what either side sees of them."""

from collections.abc import Iterable

from chalicelib.domain.messaging.calls import Call, Calls, Endpoint, Signal
from chalicelib.domain.messaging.chats import Chat, ChatMessage
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.schemas.common import TextOut
from chalicelib.schemas.messages import (
    CallOut,
    CallsOut,
    ChatOut,
    IceCandidateIO,
    MessageOut,
    SignalOut,
    WarningOut,
)


def warning_out(warning: DanmakuWarning) -> WarningOut:
    """Return a warning with its read receipt."""
    return WarningOut(
        session_id=warning.session_id,
        warning_id=warning.warning_id,
        version=warning.version,
        text=TextOut.of(warning.text),
        sender_name=warning.sender_name,
        to_room=warning.to_room,
        sent_at=warning.sent_at,
        shown_at=warning.shown_at,
        acknowledged_at=warning.acknowledged_at,
    )


def calls_out(calls: Calls, *, device: Endpoint | None = None) -> CallsOut:
    """Return a session's calls, or only those of one endpoint."""
    selected = [call for call in calls.calls if device is None or call.endpoint is device]
    return CallsOut(
        session_id=calls.session_id,
        version=calls.version,
        calls=[call_out(call) for call in selected],
    )


def call_out(call: Call) -> CallOut:
    """Return a call."""
    return CallOut(
        call_id=call.call_id,
        kind=call.kind,
        device=call.endpoint,
        staff=call.staff,
        staff_name=call.staff_name,
        reason=call.reason,
        asked_at=call.requested_at,
        accepted_at=call.accepted_at,
        ended_at=call.ended_at,
        end=call.end,
    )


def signal_out(signal: Signal) -> SignalOut:
    """Return a WebRTC signal."""
    return SignalOut(
        session_id=signal.session_id,
        call_id=signal.call_id,
        peer=signal.peer,
        number=signal.number,
        type=signal.type,
        sdp=signal.sdp,
        candidates=[
            IceCandidateIO(
                candidate=candidate.candidate,
                sdp_mid=candidate.sdp_mid,
                sdp_m_line_index=candidate.sdp_m_line_index,
            )
            for candidate in signal.candidates
        ],
    )


def signals_out(signals: Iterable[Signal]) -> list[SignalOut]:
    """Return WebRTC signals."""
    return [signal_out(signal) for signal in signals]


def chat_out(chat: Chat) -> ChatOut:
    """Return a chat's head."""
    return ChatOut(
        session_id=chat.session_id,
        room_id=chat.room_id,
        candidate_name=chat.candidate_name,
        admission_number=chat.admission_number,
        version=chat.version,
        count=chat.count,
        last_at=chat.last_at,
        last_side=chat.last_side,
        read_by_device=chat.read_by_device,
        read_by_staff=chat.read_by_staff,
        staff=chat.staff,
        staff_name=chat.staff_name,
        done=chat.done,
    )


def message_out(message: ChatMessage) -> MessageOut:
    """Return a chat message."""
    return MessageOut(
        number=message.number,
        side=message.side,
        author=message.author,
        text=message.text,
        at=message.at,
    )
