"""The Lambda behind the queue of passcode messages: job → messages → how each went.

What fails as a whole comes again from the queue; what fails for one candidate is written down.
"""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.adapters.job_queue import read_job
from chalicelib.services.admin.passcode_sms import run_job
from chalicelib.services.ports import SmsContext
from chalicelib.tracing import trace
from chalicelib.wiring.sms import build_sms_context

trace()
log = Logger()


@cache
def _sms_context() -> SmsContext:
    return build_sms_context()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Carry out every job of a batch."""
    return run_batch(_sms_context(), event)


def run_batch(context: SmsContext, event: dict[str, Any]) -> dict[str, Any]:
    """Carry out every job; name those that failed, so that only they come again."""
    failed = []
    for message in event["Records"]:
        try:
            run_job(context, read_job(message["body"]))
        except Exception as error:  # noqa: BLE001  (one job must not hold up the others)
            # A trace could repeat a number or a passcode: the kind of the failure is enough.
            log.error(  # noqa: TRY400
                "a job failed",
                extra={"message_id": message["messageId"], "error": type(error).__name__},
            )
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}
