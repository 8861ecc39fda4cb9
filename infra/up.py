"""`python -m infra up`: upload the function packages and create or update the stack."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra import stack
from infra.aws import Aws
from infra.buckets import ensure_code_bucket, ensure_evidence_bucket, upload_package
from infra.deployments import Deployment
from infra.endpoints import pages_url
from infra.packages.build import package
from infra.packages.contents import FUNCTIONS
from infra.packages.target import LAMBDA, Target
from infra.progress import Progress

TEMPLATE = Path(__file__).with_name("template.yaml")


def up(
    deployment: Deployment,
    progress: Progress,
    packages: dict[str, Path] | None = None,
    alarm_email: str | None = None,
) -> str:
    """Create or update a deployment's stack; return «created», «updated» or «unchanged».

    Builds the function packages unless they are passed. Alarms go to `alarm_email`, or to where
    they went before. Idempotent. Raises InfraError when a
    package cannot be built, and StackFailed.
    """
    packages = packages or build_packages(deployment, progress)
    aws = Aws(deployment)
    with progress.step("Packages uploaded"):
        bucket = ensure_code_bucket(deployment, aws)
        keys = {name: upload_package(aws, bucket, path) for name, path in packages.items()}
    with progress.step("Evidence bucket"):
        evidence = ensure_evidence_bucket(deployment, aws)
    with progress.step("Buckets, tables, queues, functions") as step:
        buckets = {"CodeBucket": bucket, "EvidenceBucket": evidence}
        values = parameters(deployment, buckets, keys, pages_url(deployment, aws))
        if alarm_email is not None:
            values["AlarmEmail"] = alarm_email
        outcome = stack.deploy(aws, deployment.stack, TEMPLATE, values)
        step.update(outcome)
    return outcome


def build_packages(deployment: Deployment, progress: Progress) -> dict[str, Path]:
    """Build every function's package; return the packages by function name."""
    cache = deployment.root / ".local" / "packages"
    target = Target.here() if deployment.is_local else LAMBDA
    with progress.step("Function packages") as step, ThreadPoolExecutor(2) as pool:
        archives = pool.map(lambda name: package(deployment.root, name, target, cache), FUNCTIONS)
        packages = dict(zip(FUNCTIONS, archives, strict=True))
        step.update(
            ", ".join(f"{n} {p.stat().st_size / 2**20:.0f} MB" for n, p in packages.items())
        )
    return packages


def parameters(
    deployment: Deployment, buckets: dict[str, str], keys: dict[str, str], pages: str
) -> dict[str, str]:
    """Return the template's parameters; an update keeps the stack's value of every other one."""
    gateway = deployment.env.get("INVIGIL_SMS_GATEWAY")
    return {
        "Stage": deployment.stage,
        **buckets,
        "Size": "small" if deployment.is_local else "large",
        "PagesUrl": pages,
        "PageOrigins": ",".join(deployment.page_origins),
        **({"SmsGateway": gateway} if gateway is not None else {}),
        **{f"{name.capitalize()}Key": key for name, key in keys.items()},
    }
