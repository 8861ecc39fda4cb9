"""Writing with PynamoDB: one call for one record or many, and conflicts told by one name."""

from collections.abc import Iterable

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import Conflict

CONFLICTS = frozenset({"ConditionalCheckFailed", "TransactionConflict", "TransactionInProgress"})
SINGLE_CONFLICTS = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})

type Put = tuple[Model, Condition | None]


def reasons_of(error: TransactWriteError) -> list[str]:
    """Return why each write of a cancelled transaction did not hold; «None» for those that would."""
    return [reason.code if reason else "None" for reason in error.cancellation_reasons]


def put_all(connection: Connection, puts: Iterable[Put], deletes: Iterable[Put] = ()) -> None:
    """Write all items and delete those in `gone`, or do nothing.

    Raises Conflict where a condition does not hold.
    """
    wanted, unwanted = list(puts), list(deletes)
    if len(wanted) == 1 and not unwanted:
        _put_one(*wanted[0])
        return
    try:
        with TransactWrite(connection=connection) as transaction:
            for item, condition in wanted:
                transaction.save(item, condition=condition)
            for item, condition in unwanted:
                transaction.delete(item, condition=condition)
    except TransactWriteError as error:
        if CONFLICTS & set(reasons_of(error)):
            raise Conflict from error
        raise


def _put_one(item: Model, condition: Condition | None) -> None:
    try:
        item.save(condition=condition)
    except PutError as error:
        if error.cause_response_code in SINGLE_CONFLICTS:
            raise Conflict from error
        raise
