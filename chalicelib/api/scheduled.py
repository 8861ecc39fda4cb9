"""The clock's event: what time alone brings."""

from aws_lambda_powertools import Logger
from chalice.app import CloudWatchEvent

from chalicelib.api.routing import get_context
from chalicelib.services.monitoring.scheduler import run_due_sessions

log = Logger()


def tick(_event: CloudWatchEvent) -> dict[str, int]:
    """Look at every session that is due."""
    looked_at = run_due_sessions(get_context())
    if looked_at:
        log.info("the clock looked", extra={"sessions": looked_at})
    return {"sessions": looked_at}
