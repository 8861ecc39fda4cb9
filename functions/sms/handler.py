"""The Lambda behind the passcode queue: job → text messages → a delivery status per recipient.

A job that fails as a whole is retried by the queue; a failure for one candidate is recorded.
"""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.adapters.job_queue import parse_job
from chalicelib.services.admin.passcode_sms import run_job
from chalicelib.services.ports import SmsContext
from chalicelib.tracing import trace
from chalicelib.wiring.sms import build_sms_context
from functions.batches import process_messages

trace()
log = Logger()


@cache
def _sms_context() -> SmsContext:
    return build_sms_context()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Run every job of a batch (SQS; partial batch responses)."""
    return run_batch(_sms_context(), event)


def run_batch(context: SmsContext, event: dict[str, Any]) -> dict[str, Any]:
    """Run every job; report those that failed, so that only they are retried."""
    return process_messages(
        event["Records"], lambda body: run_job(context, parse_job(body)), _log_failure
    )


def _log_failure(message_id: str, error: Exception) -> None:
    # A traceback could reveal a phone number or a passcode: log the error's type only.
    log.error("a job failed", extra={"message_id": message_id, "error": type(error).__name__})
