"""The port `MessageStore`, on the fake and on the table."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.messaging.calls import RING_TIMEOUT, Call, CallKind, Calls
from chalicelib.domain.messaging.chats import Chat, Side, post_message
from chalicelib.domain.messaging.danmaku import mark_seen
from chalicelib.domain.types import Millis
from chalicelib.services.ports import MessageStore, SessionStore
from tests.integration.store.conftest import BOTH
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.polling import wait_for

pytestmark = BOTH


def test_messages_are_read_as_written(
    sessions: SessionStore, messages: MessageStore, unique_id: str
) -> None:
    warning, calls, chat, message = build.message_records(unique_id, room_id := f"room-{unique_id}")
    # Empty calls: the deployed scheduler would end calls of long ago.
    idle = Calls(unique_id, room_id, 1)
    signals = [build.signal(unique_id, side) for side in Side]
    sessions.commit(warning, idle, chat, message, *signals)
    assert calls != idle
    assert messages.warnings(unique_id) == [warning]
    assert messages.warning(unique_id, "warning") == warning
    assert messages.calls(unique_id) == idle
    assert messages.chat(unique_id, room_id) == chat
    assert messages.chat_messages(unique_id) == [message]
    for side, signal in zip(Side, signals, strict=True):
        assert messages.signals(unique_id, "talk", side) == [signal]
    assert messages.signals(unique_id, "tal", Side.STAFF) == []
    with pytest.raises(Conflict):
        sessions.commit(signals[0])


def test_unknown_messages_are_empty_or_not_found(messages: MessageStore, unique_id: str) -> None:
    assert (messages.warnings(unique_id), messages.chat_messages(unique_id)) == ([], [])
    assert (messages.calls(unique_id), messages.chat(unique_id, "room")) == (None, None)
    with pytest.raises(NotFound):
        messages.warning(unique_id, "w")


def test_write_requires_the_preceding_version(
    sessions: SessionStore, messages: MessageStore, unique_id: str
) -> None:
    warning, _, chat, _ = build.message_records(unique_id, f"room-{unique_id}")
    sessions.commit(warning, chat)
    assert isinstance(chat, Chat)
    after = mark_seen(messages.warning(unique_id, "warning"), NOW + 1, acknowledged=True)
    assert after is not None
    sessions.commit(after)
    for stale in (warning, after, replace(chat, version=1), replace(chat, version=3)):
        with pytest.raises(Conflict):
            sessions.commit(stale)
    assert messages.warning(unique_id, "warning") == after


def test_queue_holds_open_chats_only(
    sessions: SessionStore, messages: MessageStore, unique_id: str
) -> None:
    exam_id, chats = f"exam-{unique_id}", []
    for number in range(2):
        empty = Chat(f"{number}{unique_id}", exam_id, f"room-{number}", "考生", "ADM")
        posted = post_message(empty, Side.DEVICE, "", "m", "你好", NOW)
        assert posted is not None
        sessions.commit(posted.chat, posted.message)
        chats.append(posted.chat)
    wait_for(lambda: len(messages.chats(exam_id, None)) == 2, "both in the queue")
    assert messages.chats(exam_id, "room-1") == chats[1:]
    sessions.commit(replace(chats[0], version=2, done=True))
    wait_for(lambda: messages.chats(exam_id, None) == chats[1:], "the resolved chat removed")


def test_ringing_call_has_a_wakeup(
    sessions: SessionStore, messages: MessageStore, unique_id: str, now: Millis
) -> None:
    call = Call("c1", CallKind.TALK, "proctor", "员工", now)
    sessions.commit(
        *build.opening_records(build.session(unique_id, created_at=now, ends_at=now + 10**7))
    )
    sessions.commit(Calls(unique_id, f"room-{unique_id}", 1, (call,)))
    assert unique_id not in sessions.due_sessions(now)
    wait_for(lambda: unique_id in sessions.due_sessions(now + RING_TIMEOUT), "the wake-up")
    assert messages.calls(unique_id) == Calls(unique_id, f"room-{unique_id}", 1, (call,))
