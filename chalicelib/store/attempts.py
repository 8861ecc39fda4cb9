"""The tries at doors, counted in the sessions table; the count is the version that guards them."""

from pynamodb.exceptions import UpdateError

from chalicelib.domain.errors import Conflict
from chalicelib.domain.rules.sign_in_throttling import FailedAttempts, ThrottleKey
from chalicelib.domain.types import Millis
from chalicelib.store.item_mapping import DOOR, attempt_attributes
from chalicelib.store.models import SessionItem


def failed_attempts_of(door: str, item: SessionItem | None) -> FailedAttempts:
    """Return the tries at a door by its item, if there is one."""
    if item is None:
        return FailedAttempts(door)
    return FailedAttempts(door, int(item.version or 0), int(item.saved_at or 0))


def count_failure(table: type[SessionItem], key: ThrottleKey, now: Millis) -> FailedAttempts:
    """Count a failure at a door. Raises Conflict where somebody else began to count just now."""
    since = now - key.policy.forget_after
    item = table(DOOR + key.name, DOOR)
    common = [getattr(table, name).set(value) for name, value in attempt_attributes(now).items()]
    common.append(table.body.set("{}"))
    goes_on = table.saved_at > since
    try:
        item.update([table.version.add(1), *common], condition=goes_on)
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        try:
            begins = table.pk.does_not_exist() | (table.saved_at <= since)
            item.update([table.version.set(1), *common], condition=begins)
        except UpdateError as late:
            raise Conflict from late
    return FailedAttempts(key.name, int(item.version or 0), now)
