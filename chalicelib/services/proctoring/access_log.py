"""Writing down who looked at whose pictures."""

from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.access_log import AccessedItem, log_access
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor
from chalicelib.services.ports import AppContext


def record_access(world: AppContext, staff: Staff, topic: str, shown: AccessedItem) -> None:
    """Write that `staff` looks at a session or a room; repeats within minutes are one look."""
    now = world.clock()

    def attempt() -> None:
        looked = log_access(world.sessions.access_log_head(topic), audit_actor(staff), shown, now)
        if looked is not None:
            world.sessions.commit(*looked)

    retry_on_conflict(attempt)
