"""The Lambda behind the retention queue: job → receipt → deleted files → the session's next job.

A job that fails is retried by the queue; it finds the receipt of what it had begun.
"""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.services.ports import DeleteDueFiles, RetentionContext
from chalicelib.services.review.retention import run_job
from chalicelib.tracing import trace
from chalicelib.wiring.retention import build_retention_context
from functions.batches import process_messages

trace()
log = Logger()


@cache
def _retention_context() -> RetentionContext:
    return build_retention_context()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Run every job of a batch (SQS; partial batch responses)."""
    return run_batch(_retention_context(), event)


def run_batch(context: RetentionContext, event: dict[str, Any]) -> dict[str, Any]:
    """Run every job; report those that failed, so that only they are retried."""
    return process_messages(
        event["Records"], lambda body: run_job(context, DeleteDueFiles(body)), _log_failure
    )


def _log_failure(message_id: str, error: Exception) -> None:
    log.error("a job failed", extra={"message_id": message_id}, exc_info=error)
