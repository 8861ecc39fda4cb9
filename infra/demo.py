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
from infra.demo_summary import show
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
class Running:
    """A deployed, seeded copy: where it is, and what `demo.json` says of it."""

    site: Deployment
    addresses: Endpoints
    summary: Summary
    process: subprocess.Popen[bytes]


@contextmanager
def bring_up(port: int, data: Path, progress: Progress | None = None) -> Iterator[Running]:
    """Have the product deployed and seeded on `port`, its state in `data`, for the block.

    Copies with another port and another folder run side by side. Whatever is current already
    is kept. Raises InfraError with the reason when any step fails.
    """
    site, told = Deployment(port=port, data=data.resolve()), progress or Progress()
    check_port(port)
    packages = build_all(site, told)
    with local_aws(site) as process:
        up(site, told, packages)
        deploy_app(site, told)
        publish(site, told, demonstration_exam())
        summary = seed(site, told)
        yield Running(site, endpoints_of(site, Aws(site)), summary, process)


def seed(
    site: Deployment, progress: Progress, candidates: Path | None = None, photos: Path | None = None
) -> Summary:
    """Write the demonstration exam and `demo.json`; return what stands in it."""
    from infra.seed import run  # noqa: PLC0415 - it reads the environment of the site

    with progress.step("Demonstration exam"), site.activated():
        people = run(stage=site.stage, candidates=candidates, photos=photos)
        where = endpoints_of(site, Aws(site))
    summary: Summary = {
        "exam_url": where.page("exam"),
        "phone_url": where.page("phone"),
        "console_url": where.page("console"),
        "api_url": where.api_url,
        "ws_url": where.ws_url,
        "candidates": [*people["candidates"], *_others(site, people["candidates"])],
        "staff": people["staff"],
    }
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    site.summary_file.write_text(text, encoding="utf-8")
    return summary


def _others(
    site: Deployment, written: Sequence[Mapping[str, object]]
) -> list[Mapping[str, object]]:
    """Candidates that an earlier seed added: they are still there."""
    if not site.summary_file.is_file():
        return []
    known = {candidate["id_number"] for candidate in written}
    before = json.loads(site.summary_file.read_text(encoding="utf-8")).get("candidates", [])
    return [candidate for candidate in before if candidate["id_number"] not in known]


def demonstration_exam() -> str:
    """The id of the exam that the seed writes and the pages open."""
    from infra.seed import EXAM_ID  # noqa: PLC0415

    return EXAM_ID


def demo(site: Deployment) -> None:
    """Bring everything up, print addresses and accounts, stay until Ctrl-C."""
    progress = Progress()
    for name in (signal.SIGTERM, signal.SIGINT):  # a shell's background jobs ignore SIGINT
        signal.signal(name, _interrupt)
    try:
        with bring_up(site.port, site.data, progress) as running:
            show(progress.console, running.summary, running.site.summary_file)
            running.process.wait()
            raise InfraError(f"The local AWS ended by itself: see {site.data / 'local.log'}")
    except KeyboardInterrupt:
        progress.console.print("Stopped; the data is kept. Start again with `make demo`.")


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
