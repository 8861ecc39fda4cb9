"""The support chat: repeats, limits, who has read how far, who cares."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, TooMany
from chalicelib.domain.messaging.chats import (
    MAX_MESSAGES,
    RATE,
    RATE_SPAN,
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


def written(
    chat: Chat = EMPTY, side: Side = Side.DEVICE, message_id: str = "m", at: Millis = NOW
) -> PostedMessage:
    found = post_message(chat, side, "", message_id, "看不到题目", at)
    assert found is not None
    return found


def test_a_message_is_written_once() -> None:
    message = written()
    assert (message.message.number, message.chat.count, message.chat.version) == (1, 1, 1)
    assert post_message(message.chat, Side.DEVICE, "", "m", "看不到题目", NOW) is None


def test_whoever_writes_has_read() -> None:
    chat = written(written().chat, Side.STAFF, "n").chat
    assert (chat.read_by_device, chat.read_by_staff) == (1, 2)
    after = mark_read(chat, Side.DEVICE, 99)
    assert after is not None
    assert (after.read_by_device, after.version) == (2, 3)
    assert mark_read(after, Side.DEVICE, 1) is None


def test_too_many_have_to_wait() -> None:
    chat = EMPTY
    for number in range(RATE):
        chat = written(chat, message_id=f"m{number}").chat
    with pytest.raises(TooMany):
        written(chat, message_id="more")
    assert written(chat, Side.STAFF, "answer").chat.count == RATE + 1
    assert written(chat, message_id="later", at=NOW + RATE_SPAN).chat.count == RATE + 1
    with pytest.raises(TooMany):
        written(replace(EMPTY, count=MAX_MESSAGES))


def test_one_cares_and_says_when_it_is_settled() -> None:
    chat = apply_chat_action(written().chat, "lin", "林", ChatAction.MINE)
    assert apply_chat_action(chat, "lin", "林", ChatAction.MINE).staff == "lin"
    with pytest.raises(Conflict, match="林"):
        apply_chat_action(chat, "wu", "吴", ChatAction.MINE)
    assert apply_chat_action(chat, "wu", "吴", ChatAction.FREE).staff is None
    settled = apply_chat_action(chat, "lin", "林", ChatAction.DONE)
    assert (settled.done, settled.staff) == (True, None)
    assert written(settled, Side.STAFF, "n").chat.done
    assert not written(settled, message_id="n").chat.done
