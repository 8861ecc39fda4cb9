"""`python -m infra up`: the packages, the bucket they go to, and the stack."""

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


def up(deployment: Deployment, progress: Progress, packages: dict[str, Path] | None = None) -> str:
    """Bring the stack of `site` up to date; safe to repeat. Returns what happened to it.

    The function packages are built first unless they are given.

    Raises InfraError when a package cannot be built and StackFailed when AWS refuses.
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
        given = parameters(deployment, buckets, keys, pages_url(deployment, aws))
        outcome = stack.deploy(aws, deployment.stack, TEMPLATE, given)
        step.update(outcome)
    return outcome


def build_packages(deployment: Deployment, progress: Progress) -> dict[str, Path]:
    """Every function's package, by the function's name."""
    cache = deployment.root / ".local" / "packages"
    target = Target.here() if deployment.is_local else LAMBDA
    with progress.step("Function packages") as step, ThreadPoolExecutor(2) as pool:
        made = pool.map(lambda name: package(deployment.root, name, target, cache), FUNCTIONS)
        built = dict(zip(FUNCTIONS, made, strict=True))
        step.update(", ".join(f"{n} {p.stat().st_size / 2**20:.0f} MB" for n, p in built.items()))
    return built


def parameters(
    deployment: Deployment, buckets: dict[str, str], keys: dict[str, str], pages: str
) -> dict[str, str]:
    """The template's parameters for this site."""
    return {
        "Stage": deployment.stage,
        **buckets,
        "Size": "small" if deployment.is_local else "large",
        "PagesUrl": pages,
        "PageOrigins": ",".join(deployment.page_origins),
        "SmsGateway": deployment.env.get("INVIGIL_SMS_GATEWAY", ""),
        **{f"{name.capitalize()}Key": key for name, key in keys.items()},
    }
