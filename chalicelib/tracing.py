"""X-Ray tracing of calls to AWS, where its daemon runs; elsewhere nothing happens."""

import os


def trace() -> None:
    """Patch botocore for X-Ray, inside a traced Lambda function only."""
    if "AWS_XRAY_DAEMON_ADDRESS" not in os.environ:
        return
    from aws_xray_sdk.core import patch, xray_recorder  # noqa: PLC0415  (slow to import)

    xray_recorder.configure(context_missing="IGNORE_ERROR")
    patch(["botocore"])
