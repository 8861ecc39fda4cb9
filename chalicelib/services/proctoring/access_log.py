"""Writing down who looked at whose pictures."""

from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.access_log import AccessedItem, log_access
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor
from chalicelib.services.ports import AppContext


def record_access(context: AppContext, staff: Staff, topic: str, item: AccessedItem) -> None:
    """Write that `staff` looks at a session or a room; repeats within minutes are one look."""
    now = context.clock()

    def attempt() -> None:
        looked = log_access(context.sessions.access_log_head(topic), audit_actor(staff), item, now)
        if looked is not None:
            context.sessions.commit(*looked)

    retry_on_conflict(attempt)
