"""The support chat of a session: one for each, from signing in to after the end."""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.audit import START_HASH, ChainHead
from chalicelib.domain.errors import Conflict, TooMany
from chalicelib.domain.messaging.transcript import message_link
from chalicelib.domain.types import SECOND, LocalizedText, Millis

MAX_MESSAGE_LENGTH = 1_000
MAX_MESSAGES = 500
RATE, RATE_SPAN = 8, 30 * SECOND
"""So many messages of one side within the span; more have to wait."""
MAX_RECENT = 20


class Side(StrEnum):
    """Who is speaking: the candidate's device, or somebody of the staff."""

    DEVICE = "device"
    STAFF = "staff"


class ChatAction(StrEnum):
    """What a staff member does about a chat as a whole."""

    MINE = "mine"  # I answer this one
    FREE = "free"  # somebody else may
    DONE = "done"  # settled, until the candidate writes again


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
    """Its link in the chat's chain; see `exam.said`."""


@dataclass(frozen=True, slots=True)
class RecentMessage:
    """A message's trace: by it a repeat is known, and too many are."""

    message_id: str
    side: Side
    at: Millis


@dataclass(frozen=True, slots=True)
class Chat:
    """The head of a chat: how long it is, who has read how far, who cares for it."""

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
    """The end of the chain of its messages."""

    @property
    def head(self) -> ChainHead:
        """The end of the chain, with its length."""
        return ChainHead(self.count, self.hash)


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A chat with one more message."""

    chat: Chat
    message: ChatMessage


def post_message(
    chat: Chat, side: Side, author: str, message_id: str, text: str, now: Millis
) -> PostedMessage | None:
    """Add a message; None where this very one is there already. Raises TooMany.

    Whoever writes has read what was there before. A settled chat opens again when the candidate
    writes.
    """
    if any(one.message_id == message_id for one in chat.recent):
        return None
    lately = [one for one in chat.recent if one.side is side and one.at > now - RATE_SPAN]
    if chat.count >= MAX_MESSAGES or len(lately) >= RATE:
        raise TooMany(
            LocalizedText("消息发送过于频繁，请稍候。", "Too many messages. Please wait a moment.")
        )
    _, head = message_link(chat.head, chat.session_id, now, side, author, message_id, text)
    message = ChatMessage(
        chat.session_id, head.count, message_id, side, author, text, now, head.hash
    )
    longer = replace(
        chat,
        version=chat.version + 1,
        count=message.number,
        hash=head.hash,
        last_at=now,
        last_side=side,
        done=chat.done and side is Side.STAFF,
        recent=(*chat.recent, RecentMessage(message_id, side, now))[-MAX_RECENT:],
    )
    return PostedMessage(_read_up_to(longer, side, message.number), message)


def mark_read(chat: Chat, side: Side, number: int) -> Chat | None:
    """Note how far a side has read; None where that is known already."""
    known = chat.read_by_device if side is Side.DEVICE else chat.read_by_staff
    reached = min(number, chat.count)
    if reached <= known:
        return None
    return _read_up_to(replace(chat, version=chat.version + 1), side, reached)


def _read_up_to(chat: Chat, side: Side, number: int) -> Chat:
    if side is Side.DEVICE:
        return replace(chat, read_by_device=number)
    return replace(chat, read_by_staff=number)


def apply_chat_action(chat: Chat, staff: str, staff_name: str, wanted: ChatAction) -> Chat:
    """Take a chat over, free it, or settle it. Raises Conflict where another cares for it."""
    if wanted is ChatAction.MINE and chat.staff not in {None, staff}:
        name = chat.staff_name or ""
        raise Conflict(
            LocalizedText(f"该咨询正由{name}处理。", f"{name} is taking care of this chat."),
            "claimed",
        )
    mine = wanted is ChatAction.MINE
    return replace(
        chat,
        version=chat.version + 1,
        staff=staff if mine else None,
        staff_name=staff_name if mine else None,
        done=wanted is ChatAction.DONE,
    )
