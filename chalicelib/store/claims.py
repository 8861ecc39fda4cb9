"""Claims in the sessions table: a conditional write, each under a partition key of its own.

The key holds a hash or a random id, so that the writes of an exam spread over all partitions.
"""

from pynamodb.exceptions import PutError

from chalicelib.domain.errors import Conflict
from chalicelib.domain.monitoring.claims import Claim
from chalicelib.domain.types import SECOND
from chalicelib.store.item_mapping import CLAIM
from chalicelib.store.models import SessionItem, dump, load


def put_claim(table: type[SessionItem], claim: Claim) -> Claim:
    """Write a claim unless its name is taken, and return the holder's; one write unit.

    Raises Conflict where the holder's expired in between.
    """
    body = dump(claim)
    item = table(CLAIM + claim.name, CLAIM, text=body, expires_at=claim.expires_at // SECOND)
    try:
        item.save(condition=table.pk.does_not_exist() | (table.text == body))
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
    else:
        return claim
    try:
        return load(Claim, table.get(CLAIM + claim.name, CLAIM, consistent_read=True).body)
    except table.DoesNotExist:
        raise Conflict from None
