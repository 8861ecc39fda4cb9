"""The support chat: repeated messages, rate limit, read positions, assignment."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, TooMany
from chalicelib.domain.messaging.chats import (
    MAX_MESSAGES,
    MESSAGE_RATE,
    RATE_WINDOW,
    Chat,
    ChatAction,
    PostedMessage,
    Side,
    apply_chat_action,
    mark_read,
    post_message,
)
from chalicelib.domain.types import Millis
from tests.support.builders import EXAM, NOW, ROOM

EMPTY = Chat("5e55", EXAM, ROOM, "考生 one", "ADM-one")


def post(
    chat: Chat = EMPTY, side: Side = Side.DEVICE, message_id: str = "m", at: Millis = NOW
) -> PostedMessage:
    posted = post_message(chat, side, "", message_id, "看不到题目", at)
    assert posted is not None
    return posted


def test_posting_a_message_is_idempotent() -> None:
    message = post()
    assert (message.message.number, message.chat.count, message.chat.version) == (1, 1, 1)
    assert post_message(message.chat, Side.DEVICE, "", "m", "看不到题目", NOW) is None


def test_posting_marks_earlier_messages_as_read() -> None:
    chat = post(post().chat, Side.STAFF, "n").chat
    assert (chat.read_by_device, chat.read_by_staff) == (1, 2)
    after = mark_read(chat, Side.DEVICE, 99)
    assert after is not None
    assert (after.read_by_device, after.version) == (2, 3)
    assert mark_read(after, Side.DEVICE, 1) is None


def test_messages_over_the_rate_limit_are_rejected() -> None:
    chat = EMPTY
    for number in range(MESSAGE_RATE):
        chat = post(chat, message_id=f"m{number}").chat
    with pytest.raises(TooMany):
        post(chat, message_id="more")
    assert post(chat, Side.STAFF, "answer").chat.count == MESSAGE_RATE + 1
    assert post(chat, message_id="later", at=NOW + RATE_WINDOW).chat.count == MESSAGE_RATE + 1
    with pytest.raises(TooMany):
        post(replace(EMPTY, count=MAX_MESSAGES))


def act(chat: Chat, staff: str, name: str, action: ChatAction) -> Chat:
    """The chat after an action, which done again changes nothing."""
    after = apply_chat_action(chat, staff, name, action)
    assert after is not None
    assert apply_chat_action(after, staff, name, action) is None
    return after


def test_chat_is_assigned_to_one_person_and_resolved() -> None:
    chat = act(post().chat, "lin", "林", ChatAction.ASSIGN)
    assert (chat.staff, chat.version) == ("lin", 2)
    with pytest.raises(Conflict, match="林"):
        apply_chat_action(chat, "wu", "吴", ChatAction.ASSIGN)
    assert act(chat, "wu", "吴", ChatAction.RELEASE).staff is None
    resolved = act(chat, "lin", "林", ChatAction.RESOLVE)
    assert (resolved.done, resolved.staff) == (True, None)
    assert post(resolved, Side.STAFF, "n").chat.done
    assert not post(resolved, message_id="n").chat.done
