"""The whole product on this machine: built, deployed, seeded, and running until Ctrl-C."""

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
    """A deployed, seeded copy: where it is, and what `demo.json` says of it."""

    deployment: Deployment
    endpoints: Endpoints
    summary: Summary
    process: subprocess.Popen[bytes]


@contextmanager
def bring_up(port: int, data: Path, progress: Progress | None = None) -> Iterator[ProductInstance]:
    """Have the product deployed and seeded on `port`, its state in `data`, for the block.

    Copies with another port and another folder run side by side. Whatever is current already
    is kept. Raises InfraError with the reason when any step fails.
    """
    deployment, told = Deployment(port=port, data=data.resolve()), progress or Progress()
    check_port(port)
    packages = build_all(deployment, told)
    with local_aws(deployment) as process:
        up(deployment, told, packages)
        deploy_app(deployment, told)
        publish(deployment, told, demonstration_exam())
        summary = seed(deployment, told)
        yield ProductInstance(
            deployment, endpoints_of(deployment, Aws(deployment)), summary, process
        )


def seed(
    deployment: Deployment,
    progress: Progress,
    candidates: Path | None = None,
    photos: Path | None = None,
) -> Summary:
    """Write the demonstration exam and `demo.json`; return what stands in it."""
    from infra.seed import run  # noqa: PLC0415 - it reads the environment of the site

    with progress.step("Demonstration exam"), deployment.activated():
        people = run(stage=deployment.stage, candidates=candidates, photos=photos)
        where = endpoints_of(deployment, Aws(deployment))
    summary: Summary = {
        "exam_url": where.page("exam"),
        "phone_url": where.page("phone"),
        "console_url": where.page("console"),
        "api_url": where.api_url,
        "ws_url": where.ws_url,
        "candidates": [
            *people["candidates"],
            *_earlier_candidates(deployment, people["candidates"]),
        ],
        "staff": people["staff"],
    }
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    deployment.summary_file.write_text(text, encoding="utf-8")
    return summary


def _earlier_candidates(
    deployment: Deployment, written: Sequence[Mapping[str, object]]
) -> list[Mapping[str, object]]:
    """Candidates that an earlier seed added: they are still there."""
    if not deployment.summary_file.is_file():
        return []
    known = {candidate["id_number"] for candidate in written}
    before = json.loads(deployment.summary_file.read_text(encoding="utf-8")).get("candidates", [])
    return [candidate for candidate in before if candidate["id_number"] not in known]


def demonstration_exam() -> str:
    """The id of the exam that the seed writes and the pages open."""
    from infra.seed import EXAM_ID  # noqa: PLC0415

    return EXAM_ID


def demo(deployment: Deployment) -> None:
    """Bring everything up, print addresses and accounts, stay until Ctrl-C."""
    progress = Progress()
    for name in (signal.SIGTERM, signal.SIGINT):  # a shell's background jobs ignore SIGINT
        signal.signal(name, _interrupt)
    try:
        with bring_up(deployment.port, deployment.data, progress) as running:
            print_summary(progress.console, running.summary, running.deployment.summary_file)
            running.process.wait()
            raise InfraError(f"The local AWS ended by itself: see {deployment.data / 'local.log'}")
    except KeyboardInterrupt:
        progress.console.print("Stopped; the data is kept. Start again with `make demo`.")


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
