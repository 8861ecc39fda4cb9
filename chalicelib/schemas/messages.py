"""What candidates and staff say to each other: warnings, chats, calls and their signals."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.messaging.calls import CallEnd, CallKind, Endpoint
from chalicelib.domain.messaging.chats import MAX_MESSAGE_LENGTH, ChatAction, Side
from chalicelib.domain.messaging.danmaku import MAX_WARNING_LENGTH
from chalicelib.schemas.common import ApiModel, Id, TextOut

type WarningSentence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_WARNING_LENGTH)
]
type ChatText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_MESSAGE_LENGTH)
]
type Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,36}$")]
"""An id that the browser makes; without «#», which keys are made with."""
type SdpLine = Annotated[str, StringConstraints(max_length=300)]


class WarningTextIn(ApiModel):
    """A warning in both languages; what was typed freely is the same in both."""

    zh: WarningSentence
    en: WarningSentence


class WarningIn(ApiModel):
    """A danmaku warning to some sessions of the room, or (null) to everybody in it.

    The same `warning_id` again sends nothing twice.
    """

    warning_id: Token
    text: WarningTextIn
    session_ids: list[Id] | None = Field(default=None, min_length=1, max_length=100)


class WarningSentOut(ApiModel):
    """Whom a warning went to: those whose exam is not over."""

    session_ids: list[str]


class WarningOut(ApiModel):
    """A warning (弹幕警告) and its receipt; the higher `version` is newer."""

    session_id: str
    warning_id: str
    version: int
    text: TextOut
    sender_name: str
    to_room: bool
    sent_at: int
    shown_at: int | None
    acknowledged_at: int | None


class WarningSeenIn(ApiModel):
    """The page has shown a warning, or the candidate has acknowledged it."""

    acknowledged: bool


class MessageIn(ApiModel):
    """A chat message; the same `message_id` again writes nothing twice."""

    message_id: Token
    text: ChatText


class MessageOut(ApiModel):
    """A chat message; `author` is empty for the candidate."""

    number: int
    side: Side
    author: str
    text: str
    at: int


class ChatOut(ApiModel):
    """A chat's head; the higher `version` is newer. `unread` counts what the other side wrote last."""

    session_id: str
    room_id: str
    candidate_name: str
    admission_number: str
    version: int
    count: int
    last_at: int | None
    last_side: Side | None
    read_by_device: int
    read_by_staff: int
    staff: str | None
    staff_name: str | None
    done: bool


class ChatView(ApiModel):
    """A chat with all its messages in order, and the hours in which support answers."""

    chat: ChatOut
    messages: list[MessageOut]
    hours: TextOut
    now: int


class ChatsOut(ApiModel):
    """The chats that are not settled: unread ones first, who waits longest first of all."""

    chats: list[ChatOut]
    now: int


class ReadIn(ApiModel):
    """Up to which message one has read."""

    number: int = Field(ge=1, le=100_000)


class ChatActionIn(ApiModel):
    """Take a chat over, free it for others, or settle it."""

    care: ChatAction


class CallIn(ApiModel):
    """A call: a talk, or live video of the first or the second view.

    The candidate reads the reason while a talk rings. The same `call_id` again opens nothing twice.
    """

    call_id: Token
    kind: CallKind
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None


class CallOut(ApiModel):
    """A call; `end` says how it ended."""

    call_id: str
    kind: CallKind
    device: Endpoint
    staff: str
    staff_name: str
    reason: str | None
    asked_at: int
    accepted_at: int | None
    ended_at: int | None
    end: CallEnd | None


class CallsOut(ApiModel):
    """A session's open calls and the last that have ended; the higher `version` is newer."""

    session_id: str
    version: int
    calls: list[CallOut]


class CallAnswerIn(ApiModel):
    """What is done about a call. Staff end their own; a device also accepts or declines a talk."""

    answer: Literal["accept", "decline", "end", "lost", "no_device"]


class IceCandidateIO(ApiModel):
    """One address by which a browser may be reached, in the browser's own words."""

    candidate: SdpLine
    sdp_mid: Annotated[str, StringConstraints(max_length=40)] | None
    sdp_m_line_index: Annotated[int, Field(ge=0, le=20)] | None


class SignalIn(ApiModel):
    """One step of connecting two browsers.

    `peer` names one attempt, made by the device that offers; `number` counts its steps on each
    side. Type `again` asks the device to begin anew.
    """

    peer: Token
    number: int = Field(ge=0, le=200)
    type: Literal["offer", "answer", "again"] | None = None
    sdp: Annotated[str, StringConstraints(max_length=16_000)] | None = None
    candidates: list[IceCandidateIO] = Field(default_factory=list, max_length=20)


class SignalOut(ApiModel):
    """A step of the other side's browser."""

    session_id: str
    call_id: str
    peer: str
    number: int
    type: str | None
    sdp: str | None
    candidates: list[IceCandidateIO]


class MessagesOut(ApiModel):
    """Everything said to a candidate: what a page reads after a break, or without a socket."""

    warnings: list[WarningOut]
    calls: CallsOut
    signals: list[SignalOut]
    chat: ChatOut
    now: int


class PhoneMessagesOut(ApiModel):
    """Who watches the second view, and the signals for it."""

    calls: CallsOut
    signals: list[SignalOut]
    now: int
