"""SMS batches and their recipients, in the registry table."""

from collections.abc import Iterator

from pynamodb.connection import Connection

from chalicelib.domain.errors import NotFound
from chalicelib.domain.messaging.passcode_sms import Recipient, SmsBatch
from chalicelib.store.models import PlainItem, bind_table, dump, load
from chalicelib.store.transactions import put_all

BATCH, RECIPIENT = "BATCH", "RECIPIENT#"


class DynamoSmsBatches:
    """Implements the port `SmsBatches`; a batch and its recipients share a partition key."""

    def __init__(self, table_name: str) -> None:
        self._table = bind_table(PlainItem, table_name)
        self._connection = Connection()

    def batch(self, batch_id: str) -> SmsBatch:
        return load(SmsBatch, self._body(batch_id, BATCH))

    def recipient(self, batch_id: str, candidate_id: str) -> Recipient:
        return load(Recipient, self._body(batch_id, RECIPIENT + candidate_id))

    def recipients(self, batch_id: str) -> Iterator[Recipient]:
        items = self._table.query(_key(batch_id), self._table.sk.startswith(RECIPIENT))
        return (load(Recipient, item.body) for item in items)

    def put_batch(self, batch: SmsBatch) -> None:
        self._put(batch.batch_id, BATCH, batch)

    def put_recipient(self, recipient: Recipient) -> None:
        self._put(recipient.batch_id, RECIPIENT + recipient.candidate_id, recipient)

    def _put(self, batch_id: str, sk: str, value: SmsBatch | Recipient) -> None:
        item = self._table(_key(batch_id), sk, body=dump(value), version=value.version)
        condition = (
            self._table.pk.does_not_exist()
            if value.version == 1
            else self._table.version == value.version - 1
        )
        put_all(self._connection, [(item, condition)])

    def _body(self, batch_id: str, sk: str) -> str:
        try:
            return self._table.get(_key(batch_id), sk, consistent_read=True).body
        except self._table.DoesNotExist:
            raise NotFound from None


def _key(batch_id: str) -> str:
    return f"BATCH#{batch_id}"
