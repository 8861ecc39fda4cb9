"""Reads of messages between candidates and staff, from the sessions table."""

from collections.abc import Iterable

from chalicelib.domain.errors import NotFound
from chalicelib.domain.messaging.calls import Calls, Signal
from chalicelib.domain.messaging.chats import Chat, ChatMessage, Side
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.store.item_mapping import CALLS, CHAT, MESSAGE, SIGNAL, WARNING, chats_key
from chalicelib.store.models import SessionItem, bind_table, load

MAX_CHATS = 300


class DynamoMessageStore:
    """Implements the port `MessageStore`; `SessionStore.commit` writes what this reads."""

    def __init__(self, table_name: str) -> None:
        self._table = bind_table(SessionItem, table_name)

    def warnings(self, session_id: str) -> list[DanmakuWarning]:
        warnings = [load(DanmakuWarning, item.body) for item in self._query(session_id, WARNING)]
        return sorted(warnings, key=lambda warning: (warning.sent_at, warning.warning_id))

    def warning(self, session_id: str, warning_id: str) -> DanmakuWarning:
        item = self._item(session_id, WARNING + warning_id)
        if item is None:
            raise NotFound
        return load(DanmakuWarning, item.body)

    def calls(self, session_id: str) -> Calls | None:
        item = self._item(session_id, CALLS)
        return load(Calls, item.body) if item else None

    def signals(self, session_id: str, call_id: str, to: Side) -> list[Signal]:
        items = self._query(session_id, f"{SIGNAL}{call_id}#{to}#")
        return sorted(
            (load(Signal, item.body) for item in items),
            key=lambda signal: (signal.sent_at, signal.number),
        )

    def chat(self, session_id: str, room_id: str) -> Chat | None:
        item = self._item(session_id, CHAT + room_id)
        return load(Chat, item.body) if item else None

    def chat_messages(self, session_id: str) -> list[ChatMessage]:
        return [load(ChatMessage, item.body) for item in self._query(session_id, MESSAGE)]

    def chats(self, exam_id: str, room_id: str | None) -> list[Chat]:
        in_room = self._table.sk == CHAT + room_id if room_id else None
        items = self._table.room.query(chats_key(exam_id), in_room, limit=MAX_CHATS)
        return [load(Chat, item.body) for item in items]

    def _item(self, session_id: str, sk: str) -> SessionItem | None:
        try:
            return self._table.get(session_id, sk, consistent_read=True)
        except self._table.DoesNotExist:
            return None

    def _query(self, session_id: str, prefix: str) -> Iterable[SessionItem]:
        has_prefix = self._table.sk.startswith(prefix)
        return self._table.query(session_id, has_prefix, consistent_read=True)
