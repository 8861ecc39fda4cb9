"""The connections table: open sockets and their subscriptions.

A subscription is stored under its topic, so that publishing needs one query, and again under its
connection, so that removing a connection needs no scan. Both expire (time to live).
"""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.types import SECOND, Millis
from chalicelib.services.ports import Connection
from chalicelib.store.models import PlainItem, bind_table, dump, load

SELF = "SELF"


class DynamoConnections:
    """Implements the port `Connections`."""

    def __init__(self, table_name: str) -> None:
        self._table = bind_table(PlainItem, table_name)

    def add(self, connection: Connection, expires_at: Millis) -> None:
        self._put(connection.connection_id, SELF, connection, expires_at)

    def get(self, connection_id: str) -> Connection:
        try:
            item = self._table.get(connection_id, SELF, consistent_read=True)
        except self._table.DoesNotExist:
            raise NotFound from None
        return load(Connection, item.body)

    def subscribe(self, connection: Connection, topic: str, expires_at: Millis) -> None:
        self._put(topic, connection.connection_id, connection, expires_at)
        self._put(connection.connection_id, f"TOPIC#{topic}", connection, expires_at)

    def subscribers(self, topic: str) -> list[Connection]:
        return [load(Connection, item.body) for item in self._table.query(topic)]

    def remove(self, connection_id: str) -> None:
        for item in list(self._table.query(connection_id, consistent_read=True)):
            if item.sk.startswith("TOPIC#"):
                self._table(item.sk.removeprefix("TOPIC#"), connection_id).delete()
            item.delete()

    def _put(self, pk: str, sk: str, connection: Connection, expires_at: Millis) -> None:
        item = self._table(pk, sk, body=dump(connection), expires_at=expires_at // SECOND)
        item.save()
