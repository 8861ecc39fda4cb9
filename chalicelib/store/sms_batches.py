"""Mailings and their recipients, in the registry table. Implements the port `Mailings`."""

from collections.abc import Iterator

from pynamodb.connection import Connection

from chalicelib.domain.errors import NotFound
from chalicelib.domain.messaging.passcode_sms import Recipient, SmsBatch
from chalicelib.store.models import PlainItem, bind_table, dump, load
from chalicelib.store.transactions import put_all

MAILING, TO = "MAILING", "TO#"


class DynamoSmsBatches:
    """A mailing and everybody who is to get it stand under one key."""

    def __init__(self, table_name: str) -> None:
        self._table = bind_table(PlainItem, table_name)
        self._connection = Connection()

    def batch(self, mailing_id: str) -> SmsBatch:
        return load(SmsBatch, self._body(mailing_id, MAILING))

    def recipient(self, mailing_id: str, candidate_id: str) -> Recipient:
        return load(Recipient, self._body(mailing_id, TO + candidate_id))

    def recipients(self, mailing_id: str) -> Iterator[Recipient]:
        found = self._table.query(_key(mailing_id), self._table.sk.startswith(TO))
        return (load(Recipient, item.body) for item in found)

    def put_batch(self, batch: SmsBatch) -> None:
        self._put(batch.batch_id, MAILING, batch)

    def put_recipient(self, recipient: Recipient) -> None:
        self._put(recipient.batch_id, TO + recipient.candidate_id, recipient)

    def _put(self, mailing_id: str, sk: str, value: SmsBatch | Recipient) -> None:
        item = self._table(_key(mailing_id), sk, body=dump(value), version=value.version)
        before = (
            self._table.pk.does_not_exist()
            if value.version == 1
            else self._table.version == value.version - 1
        )
        put_all(self._connection, [(item, before)])

    def _body(self, mailing_id: str, sk: str) -> str:
        try:
            return self._table.get(_key(mailing_id), sk, consistent_read=True).body
        except self._table.DoesNotExist:
            raise NotFound from None


def _key(mailing_id: str) -> str:
    return f"MAILING#{mailing_id}"
