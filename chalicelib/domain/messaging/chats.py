"""The support chat of a session, open from sign-in until after the end."""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.audit import START_HASH, ChainHead
from chalicelib.domain.errors import Conflict, TooMany
from chalicelib.domain.messaging.transcript import message_link
from chalicelib.domain.types import SECOND, LocalizedText, Millis

MAX_MESSAGE_LENGTH = 1_000
MAX_MESSAGES = 500
MESSAGE_RATE, RATE_WINDOW = 8, 30 * SECOND
"""The rate limit: messages of one side within the window."""
MAX_RECENT = 20


class Side(StrEnum):
    """Who writes: the candidate's device or a staff member."""

    DEVICE = "device"
    STAFF = "staff"


class ChatAction(StrEnum):
    """What a staff member does with a chat as a whole."""

    ASSIGN = "mine"  # assign it to oneself
    RELEASE = "free"  # unassign it, for others
    RESOLVE = "done"  # resolved, until the candidate writes again


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message; `number` counts from 1 within the session."""

    session_id: str
    number: int
    message_id: str
    side: Side
    author: str
    """A name to show: the staff member's, or empty for the candidate."""
    text: str
    at: Millis
    hash: str = ""
    """Its hash in the chat's chain; see `messaging.transcript`."""


@dataclass(frozen=True, slots=True)
class RecentMessage:
    """What is kept of a recent message, to detect repeats and to limit the rate."""

    message_id: str
    side: Side
    at: Millis


@dataclass(frozen=True, slots=True)
class Chat:
    """The head of a chat: its length, read positions, and assigned staff member."""

    session_id: str
    exam_id: str
    room_id: str
    candidate_name: str
    admission_number: str
    version: int = 0
    count: int = 0
    last_at: Millis | None = None
    last_side: Side | None = None
    read_by_device: int = 0
    read_by_staff: int = 0
    staff: str | None = None
    staff_name: str | None = None
    done: bool = False
    recent: tuple[RecentMessage, ...] = ()
    hash: str = START_HASH
    """The hash of its last message."""

    @property
    def head(self) -> ChainHead:
        """The head of the chain of messages."""
        return ChainHead(self.count, self.hash)


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A new message, and the chat after it."""

    chat: Chat
    message: ChatMessage


def post_message(
    chat: Chat, side: Side, author: str, message_id: str, text: str, now: Millis
) -> PostedMessage | None:
    """Post a message; return None if it was already posted. Raises TooMany.

    Posting marks all earlier messages as read. A candidate's message reopens a resolved chat.
    """
    if any(message.message_id == message_id for message in chat.recent):
        return None
    lately = [
        message
        for message in chat.recent
        if message.side is side and message.at > now - RATE_WINDOW
    ]
    if chat.count >= MAX_MESSAGES or len(lately) >= MESSAGE_RATE:
        raise TooMany(
            LocalizedText("消息发送过于频繁，请稍候。", "Too many messages. Please wait a moment.")
        )
    _, head = message_link(chat.head, chat.session_id, now, side, author, message_id, text)
    message = ChatMessage(
        chat.session_id, head.count, message_id, side, author, text, now, head.hash
    )
    chat = replace(
        chat,
        version=chat.version + 1,
        count=message.number,
        hash=head.hash,
        last_at=now,
        last_side=side,
        done=chat.done and side is Side.STAFF,
        recent=(*chat.recent, RecentMessage(message_id, side, now))[-MAX_RECENT:],
    )
    return PostedMessage(_with_read_position(chat, side, message.number), message)


def mark_read(chat: Chat, side: Side, number: int) -> Chat | None:
    """Record how far a side has read; return None if that changes nothing."""
    previous = chat.read_by_device if side is Side.DEVICE else chat.read_by_staff
    position = min(number, chat.count)
    if position <= previous:
        return None
    return _with_read_position(replace(chat, version=chat.version + 1), side, position)


def _with_read_position(chat: Chat, side: Side, number: int) -> Chat:
    if side is Side.DEVICE:
        return replace(chat, read_by_device=number)
    return replace(chat, read_by_staff=number)


def apply_chat_action(chat: Chat, staff: str, staff_name: str, action: ChatAction) -> Chat | None:
    """Assign, release or resolve a chat; return None if that changes nothing.

    Raises Conflict if it is assigned to somebody else.
    """
    if action is ChatAction.ASSIGN and chat.staff not in {None, staff}:
        name = chat.staff_name or ""
        raise Conflict(
            LocalizedText(f"该咨询正由{name}处理。", f"{name} is handling this chat."),
            "claimed",
        )
    assigns = action is ChatAction.ASSIGN
    after = replace(
        chat,
        staff=staff if assigns else None,
        staff_name=staff_name if assigns else None,
        done=action is ChatAction.RESOLVE,
    )
    return None if after == chat else replace(after, version=chat.version + 1)
