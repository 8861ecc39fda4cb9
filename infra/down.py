"""`python -m infra down`: delete a stage."""

from __future__ import annotations

from infra import stack
from infra.aws import Aws
from infra.buckets import bucket_name, empty_bucket, exists
from infra.chalice_deploy import delete_app
from infra.deployments import Deployment
from infra.progress import Progress


def down(deployment: Deployment, progress: Progress) -> None:
    """Delete the application, the stack and every object in its buckets. Idempotent.

    The evidence bucket and its contents remain: they are locked, and may still be requested.
    """
    aws = Aws(deployment)
    with progress.step("Application deleted"):
        delete_app(deployment)
    with progress.step("Buckets emptied") as step:
        names = [bucket_name(deployment, aws, kind) for kind in ("media", "web", "code")]
        step.update(f"{sum(empty_bucket(aws, name) for name in names)} objects")
    with progress.step("Stack deleted"):
        stack.delete(aws, deployment.stack)
        deployment.summary_file.unlink(missing_ok=True)
    code = names[-1]
    if exists(aws, code):
        aws.s3.delete_bucket(Bucket=code)
