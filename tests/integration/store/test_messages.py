"""The port `Messages`, proved on the fake and on the table alike."""

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
    sessions: SessionStore, messages: MessageStore, fresh: str
) -> None:
    warning, calls, chat, message = build.message_records(fresh, room_id := f"room-{fresh}")
    # The calls began long ago: the deployed clock would end them.
    idle = Calls(fresh, room_id, 1)
    signals = [build.signal(fresh, side) for side in Side]
    sessions.commit(warning, idle, chat, message, *signals)
    assert calls != idle
    assert messages.warnings(fresh) == [warning]
    assert messages.warning(fresh, "warning") == warning
    assert messages.calls(fresh) == idle
    assert messages.chat(fresh, room_id) == chat
    assert messages.chat_messages(fresh) == [message]
    for side, signal in zip(Side, signals, strict=True):
        assert messages.signals(fresh, "talk", side) == [signal]
    assert messages.signals(fresh, "tal", Side.STAFF) == []
    with pytest.raises(Conflict):
        sessions.commit(signals[0])


def test_unknown_messages_are_empty_or_not_found(messages: MessageStore, fresh: str) -> None:
    assert (messages.warnings(fresh), messages.chat_messages(fresh)) == ([], [])
    assert (messages.calls(fresh), messages.chat(fresh, "room")) == (None, None)
    with pytest.raises(NotFound):
        messages.warning(fresh, "w")


def test_write_requires_the_preceding_version(
    sessions: SessionStore, messages: MessageStore, fresh: str
) -> None:
    warning, _, chat, _ = build.message_records(fresh, f"room-{fresh}")
    sessions.commit(warning, chat)
    assert isinstance(chat, Chat)
    after = mark_seen(messages.warning(fresh, "warning"), NOW + 1, acknowledged=True)
    assert after is not None
    sessions.commit(after)
    for stale in (warning, after, replace(chat, version=1), replace(chat, version=3)):
        with pytest.raises(Conflict):
            sessions.commit(stale)
    assert messages.warning(fresh, "warning") == after


def test_queue_holds_open_chats_only(
    sessions: SessionStore, messages: MessageStore, fresh: str
) -> None:
    exam_id, chats = f"exam-{fresh}", []
    for number in range(2):
        empty = Chat(f"{number}{fresh}", exam_id, f"room-{number}", "考生", "ADM")
        written = post_message(empty, Side.DEVICE, "", "m", "你好", NOW)
        assert written is not None
        sessions.commit(written.chat, written.message)
        chats.append(written.chat)
    wait_for(lambda: len(messages.chats(exam_id, None)) == 2, "both in the queue")
    assert messages.chats(exam_id, "room-1") == chats[1:]
    sessions.commit(replace(chats[0], version=2, done=True))
    wait_for(lambda: messages.chats(exam_id, None) == chats[1:], "the settled one gone")


def test_ringing_call_has_a_wakeup(
    sessions: SessionStore, messages: MessageStore, fresh: str, now: Millis
) -> None:
    call = Call("c1", CallKind.TALK, "proctor", "员工", now)
    sessions.commit(
        *build.opening_records(build.session(fresh, created_at=now, ends_at=now + 10**7))
    )
    sessions.commit(Calls(fresh, f"room-{fresh}", 1, (call,)))
    assert fresh not in sessions.due_sessions(now)
    wait_for(lambda: fresh in sessions.due_sessions(now + RING_TIMEOUT), "the alarm")
    assert messages.calls(fresh) == Calls(fresh, f"room-{fresh}", 1, (call,))
