"""`python -m infra deploy`: build and deploy a whole stage with one region and one Python."""

from __future__ import annotations

from infra.build_all import build_all
from infra.chalice_deploy import deploy_app, require_python
from infra.demo import demonstration_exam
from infra.deployments import Deployment
from infra.progress import Progress
from infra.publish import publish
from infra.up import up


def deploy(
    deployment: Deployment,
    progress: Progress,
    exam_id: str | None = None,
    alarm_email: str | None = None,
) -> None:
    """Build everything, then deploy the stack, the API and the pages. Idempotent.

    Whoever stops it, or whose network does, runs it again. Raises InfraError, and StackFailed.
    """
    require_python(deployment)
    with deployment.activated():
        packages = build_all(deployment, progress)
        up(deployment, progress, packages, alarm_email)
        deploy_app(deployment, progress)
        publish(deployment, progress, exam_id, demonstration_exam())
