"""Batches of an SQS queue: every message is processed, and those that failed are reported."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

type Message = Mapping[str, Any]


def process_messages(
    messages: Iterable[Message],
    process: Callable[[str], None],
    log_failure: Callable[[str, Exception], None],
) -> dict[str, Any]:
    """Process the body of each message; return a partial batch response.

    A message that fails does not block the others, and alone is retried. *log_failure* gets its id
    while the exception is being handled.
    """
    failures = []
    for message in messages:
        try:
            process(message["body"])
        except Exception as error:  # noqa: BLE001  (whatever fails is retried)
            log_failure(message["messageId"], error)
            failures.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failures}
