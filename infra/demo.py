"""`python -m infra demo`: build, deploy, seed and run the product on this machine."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from infra.api_record import fetch_record
from infra.aws import Aws
from infra.build_all import build_all
from infra.chalice_deploy import deploy_app
from infra.demo_summary import print_summary
from infra.deployments import Deployment
from infra.endpoints import Endpoints, endpoints_of
from infra.errors import InfraError
from infra.local.process import local_aws
from infra.local.server import check_port
from infra.progress import Progress
from infra.publish import publish
from infra.up import up

type Summary = dict[str, Any]


@dataclass(frozen=True)
class ProductInstance:
    """A deployed and seeded copy: its endpoints and the contents of its `demo.json`."""

    deployment: Deployment
    endpoints: Endpoints
    summary: Summary
    process: subprocess.Popen[bytes]


@contextmanager
def bring_up(port: int, data: Path, progress: Progress | None = None) -> Iterator[ProductInstance]:
    """Deploy and seed the product on `port`, with its state in `data`, for the block.

    Copies on different ports and in different folders can run at the same time. Steps that are up
    to date are skipped. Raises InfraError with the reason when a step fails.
    """
    deployment, progress = Deployment(port=port, data=data.resolve()), progress or Progress()
    check_port(port)
    packages = build_all(deployment, progress)
    with local_aws(deployment) as process:
        up(deployment, progress, packages)
        deploy_app(deployment, progress)
        publish(deployment, progress, None, demonstration_exam())
        summary = seed(deployment, progress)
        yield ProductInstance(
            deployment, endpoints_of(deployment, Aws(deployment)), summary, process
        )


def seed(
    deployment: Deployment,
    progress: Progress,
    candidates: Path | None = None,
    photos: Path | None = None,
    *,
    import_rest: bool = False,
) -> Summary:
    """Write the demonstration exam and `demo.json`; return the contents of `demo.json`.

    Prints what came of a list of candidates. Raises InfraError where a line of it was refused.
    """
    from infra.seed import run  # noqa: PLC0415 - it reads the deployment's environment

    with progress.step("Demonstration exam"), deployment.activated():
        fetch_record(deployment, Aws(deployment))
        seeded, report = run(deployment.stage, candidates, photos, import_rest=import_rest)
        endpoints = endpoints_of(deployment, Aws(deployment))
    summary: Summary = {
        "exam_url": endpoints.page("exam"),
        "phone_url": endpoints.page("phone"),
        "console_url": endpoints.page("console"),
        "api_docs_url": endpoints.page("api-docs"),
        "api_url": endpoints.api_url,
        "ws_url": endpoints.ws_url,
        "candidates": [
            *seeded["candidates"],
            *_earlier_candidates(deployment, seeded["candidates"]),
        ],
        "staff": seeded["staff"],
    }
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    deployment.summary_file.write_text(text, encoding="utf-8")
    if candidates is not None:
        for line in report.lines():
            progress.console.print(line, markup=False, soft_wrap=True)
    if report.refused:
        raise InfraError("\n".join(["These could not be imported:", *report.refused]))
    return summary


def _earlier_candidates(
    deployment: Deployment, candidates: Sequence[Mapping[str, object]]
) -> list[Mapping[str, object]]:
    """Return the candidates that an earlier run added; they still exist."""
    if not deployment.summary_file.is_file():
        return []
    id_numbers = {candidate["id_number"] for candidate in candidates}
    earlier = json.loads(deployment.summary_file.read_text(encoding="utf-8")).get("candidates", [])
    return [candidate for candidate in earlier if candidate["id_number"] not in id_numbers]


def demonstration_exam() -> str:
    """Return the id of the demonstration exam, which the pages open by default."""
    from infra.seed import EXAM_ID  # noqa: PLC0415

    return EXAM_ID


def demo(deployment: Deployment) -> None:
    """Deploy everything, print addresses and accounts, and run until Ctrl-C."""
    progress = Progress()
    for name in (signal.SIGTERM, signal.SIGINT):  # background jobs of a shell ignore SIGINT
        signal.signal(name, _interrupt)
    try:
        with bring_up(deployment.port, deployment.data, progress) as product:
            print_summary(progress.console, product.summary, product.deployment.summary_file)
            product.process.wait()
            raise InfraError(
                f"The local AWS stopped unexpectedly; see {deployment.data / 'local.log'}"
            )
    except KeyboardInterrupt:
        progress.console.print("Stopped. The data is kept; run `make demo` to start again.")


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
