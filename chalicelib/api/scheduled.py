"""The schedule's event: sessions whose deadline has passed."""

from aws_lambda_powertools import Logger
from chalice.app import CloudWatchEvent

from chalicelib.api.routing import get_context
from chalicelib.services.monitoring.scheduler import run_due_sessions

log = Logger()


def tick(_event: CloudWatchEvent) -> dict[str, int]:
    """Process every session whose deadline has passed. Idempotent."""
    processed = run_due_sessions(get_context())
    if processed:
        log.info("due sessions were processed", extra={"sessions": processed})
    return {"sessions": processed}
