"""X-Ray: traces calls to AWS where a daemon listens, and is silent elsewhere."""

import os


def trace() -> None:
    """Patch the AWS client for X-Ray, inside a traced Lambda only."""
    if "AWS_XRAY_DAEMON_ADDRESS" not in os.environ:
        return
    from aws_xray_sdk.core import patch, xray_recorder  # noqa: PLC0415  (slow to import)

    xray_recorder.configure(context_missing="IGNORE_ERROR")
    patch(["botocore"])
