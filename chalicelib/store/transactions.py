"""Conditional writes with PynamoDB: one call for one item or many, and Conflict for every failure."""

from collections.abc import Iterable, Sequence

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import Conflict

CONDITION_FAILED = "ConditionalCheckFailed"
CONFLICTS = frozenset({CONDITION_FAILED, "TransactionConflict", "TransactionInProgress"})

type Put = tuple[Model, Condition | None]


class WriteConflict(Conflict):
    """A write that failed; `failed_puts` are the positions of those whose condition failed."""

    def __init__(self, failed_puts: Iterable[int] = ()) -> None:
        super().__init__()
        self.failed_puts = tuple(failed_puts)


def cancellation_codes(error: TransactWriteError) -> list[str]:
    """Return why each write of a cancelled transaction failed; «None» for those that did not."""
    return [reason.code if reason else "None" for reason in error.cancellation_reasons]


def put_all(connection: Connection, puts: Sequence[Put], deletes: Sequence[Put] = ()) -> None:
    """Write and delete all items, or none. Raises WriteConflict where a condition does not hold."""
    if len(puts) == 1 and not deletes:
        _put_item(*puts[0])
        return
    try:
        with TransactWrite(connection=connection) as transaction:
            for item, condition in puts:
                transaction.save(item, condition=condition)
            for item, condition in deletes:
                transaction.delete(item, condition=condition)
    except TransactWriteError as error:
        codes = cancellation_codes(error)
        if not CONFLICTS & set(codes):
            raise
        # PynamoDB sends deletes before puts.
        put_codes = codes[len(deletes) :]
        raise WriteConflict(
            position for position, code in enumerate(put_codes) if code == CONDITION_FAILED
        ) from error


def _put_item(item: Model, condition: Condition | None) -> None:
    try:
        item.save(condition=condition)
    except PutError as error:
        code = (error.cause_response_code or "").removesuffix("Exception")
        if code not in CONFLICTS:
            raise
        raise WriteConflict((0,) if code == CONDITION_FAILED else ()) from error
