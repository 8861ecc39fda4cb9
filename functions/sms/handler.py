"""The Lambda behind the queue of passcode messages: job → messages → how each went.

What fails as a whole comes again from the queue; what fails for one candidate is written down.
"""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.adapters.job_queue import read_job
from chalicelib.services.admin.passcode_sms import carry_out
from chalicelib.services.ports import PostWorld
from chalicelib.tracing import trace
from chalicelib.wiring.sms import build_post_world

trace()
log = Logger()


@cache
def _world() -> PostWorld:
    return build_post_world()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Carry out every job of a batch."""
    return carry_out_batch(_world(), event)


def carry_out_batch(world: PostWorld, event: dict[str, Any]) -> dict[str, Any]:
    """Carry out every job; name those that failed, so that only they come again."""
    failed = []
    for message in event["Records"]:
        try:
            carry_out(world, read_job(message["body"]))
        except Exception as error:  # noqa: BLE001  (one job must not hold up the others)
            # A trace could repeat a number or a passcode: the kind of the failure is enough.
            log.error(  # noqa: TRY400
                "a job failed",
                extra={"message_id": message["messageId"], "error": type(error).__name__},
            )
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}
