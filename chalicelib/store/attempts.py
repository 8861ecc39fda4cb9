"""Failed sign-in attempts per throttling key; the count is the item's version."""

from pynamodb.exceptions import UpdateError

from chalicelib.domain.errors import Conflict
from chalicelib.domain.rules.sign_in_throttling import FailedAttempts, ThrottleKey
from chalicelib.domain.types import Millis
from chalicelib.store.item_mapping import ATTEMPTS, attempt_attributes
from chalicelib.store.models import SessionItem


def failed_attempts_of(key_name: str, item: SessionItem | None) -> FailedAttempts:
    """Return the failed attempts of a key from its item, if there is one."""
    if item is None:
        return FailedAttempts(key_name)
    return FailedAttempts(key_name, int(item.version or 0), int(item.saved_at or 0))


def count_failure(table: type[SessionItem], key: ThrottleKey, now: Millis) -> FailedAttempts:
    """Count a failure. Raises Conflict where a concurrent failure restarted the count."""
    since = now - key.policy.forget_after
    item = table(ATTEMPTS + key.name, ATTEMPTS)
    common = [getattr(table, name).set(value) for name, value in attempt_attributes(now).items()]
    common.append(table.text.set("{}"))
    continues = table.saved_at > since
    try:
        item.update([table.version.add(1), *common], condition=continues)
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        try:
            restarts = table.pk.does_not_exist() | (table.saved_at <= since)
            item.update([table.version.set(1), *common], condition=restarts)
        except UpdateError as conflict:
            raise Conflict from conflict
    return FailedAttempts(key.name, int(item.version or 0), now)
