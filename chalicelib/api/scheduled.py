"""The schedule's event: sessions whose deadline has passed, or whose files are to be deleted."""

from aws_lambda_powertools import Logger
from chalice.app import CloudWatchEvent

from chalicelib.api.routing import get_context
from chalicelib.services.monitoring.scheduler import run_due_sessions
from chalicelib.services.review.retention import start_due

log = Logger()


def tick(_event: CloudWatchEvent) -> dict[str, int]:
    """Process every session whose deadline has passed, and enqueue deletions. Idempotent."""
    try:
        processed = run_due_sessions(get_context())
    finally:
        due = start_due(get_context())
        if due:
            log.info("deletions were enqueued", extra={"sessions": due})
    if processed:
        log.info("due sessions were processed", extra={"sessions": processed})
    return {"sessions": processed}
