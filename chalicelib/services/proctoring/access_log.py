"""The access log: who viewed whose pictures."""

from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.access_log import AccessedItem, log_access
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor
from chalicelib.services.ports import AppContext


def record_access(context: AppContext, staff: Staff, topic: str, item: AccessedItem) -> None:
    """Record that `staff` views a session or a room; repeats within minutes are one entry."""
    now = context.clock()

    def attempt() -> None:
        records = log_access(context.sessions.access_log_head(topic), audit_actor(staff), item, now)
        if records is not None:
            context.sessions.commit(*records)

    retry_on_conflict(attempt)
