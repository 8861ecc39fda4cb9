"""The commands, their options and their exit codes.

0: done; 1: something a person must mend, told in one line; 2: wrong usage or a busy port.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from infra.deployments import LOCAL_STAGE, Deployment, deployment_from
from infra.errors import InfraError
from infra.progress import Progress

type Command = Callable[[Deployment, argparse.Namespace], None]


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code."""
    given = parser().parse_args(arguments)
    command: Command = given.run
    try:
        command(deployment_from(given.stage, given.port, given.data), given)
    except KeyboardInterrupt:
        return 130
    except InfraError as error:
        return _fail(str(error), error.code)
    except (BotoCoreError, ClientError) as error:
        return _fail(f"AWS: {error}", 1)
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line, whole."""
    top = argparse.ArgumentParser(
        prog="python -m infra",
        description="Bring Invigil up on AWS or on this machine, publish, seed, take down.",
    )
    commands = top.add_subparsers(title="commands", metavar="<command>", required=True)

    local = _add_command(commands, "local", _local, "run the local AWS until Ctrl-C")
    local.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    _add_command(commands, "up", _up, "build the function packages, create or update the stack")
    publish = _add_command(commands, "publish", _publish, "upload the built pages and their config")
    publish.add_argument("--exam-id", help="the exam the pages open (default: the demonstration's)")
    seed = _add_command(commands, "seed", _seed, "write the demonstration exam")
    seed.add_argument("--candidates", type=Path, metavar="CSV", help="candidates of your own")
    seed.add_argument("--photos", type=Path, metavar="FOLDER", help="photos named by ID number")
    exam = _add_command(commands, "exam", _exam, "write an exam of your own from a file")
    exam.add_argument("file", type=Path, help="JSON; docs/guide/exam-file.md says how")
    exam.add_argument(
        "--new-password", action="append", default=[], metavar="USERNAME", help="give another one"
    )
    export = _add_command(commands, "export", _export, "write a session's whole record as a zip")
    export.add_argument("session", help="the session's id, as the console's address shows it")
    export.add_argument("--out", type=Path, metavar="FILE", help="default: SESSION.zip")
    verify = _add_command(
        commands, "verify-audit", _verify, "check a session's audit chain and evidence"
    )
    which = verify.add_mutually_exclusive_group(required=True)
    which.add_argument("file", nargs="?", type=Path, help="an exported record; needs no AWS")
    which.add_argument("--session", help="a session's id: checked where it is stored")
    down = _add_command(commands, "down", _down, "delete the application, the stack and its data")
    down.add_argument("--yes", action="store_true", help="do not ask")
    check = _add_command(commands, "check", _check, "lint, types, import rules and every test")
    check.add_argument("--lint", action="store_true", help="without the tests")
    _add_command(commands, "demo", _demo, "everything above on this machine, until Ctrl-C")
    return top


def _add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Command,
    summary: str,
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=f"{summary.capitalize()}."
    )
    made.add_argument("--stage", default=LOCAL_STAGE, help="default: %(default)s")
    made.add_argument("--port", type=int, help="of the local AWS (INVIGIL_PORT; default 4566)")
    made.add_argument(
        "--data", type=Path, help="folder of the local AWS (INVIGIL_DATA; default .local/aws)"
    )
    made.set_defaults(run=run)
    return made


def _local(deployment: Deployment, given: argparse.Namespace) -> None:
    from infra.local.server import check_port, run  # noqa: PLC0415

    check_port(deployment.port)
    print(f"Local AWS on http://127.0.0.1:{deployment.port}, data in {deployment.data}", flush=True)
    run(deployment.port, deployment.data, with_parent=given.with_parent)
    print("Local AWS stopped, data saved.", flush=True)
    os._exit(0)  # without waiting for the threads of calls that are still under way


def _up(deployment: Deployment, _: argparse.Namespace) -> None:
    from infra.up import up  # noqa: PLC0415

    up(deployment, Progress())


def _publish(deployment: Deployment, given: argparse.Namespace) -> None:
    from infra.demo import demonstration_exam  # noqa: PLC0415
    from infra.publish import publish  # noqa: PLC0415

    publish(deployment, Progress(), given.exam_id or demonstration_exam())


def _seed(deployment: Deployment, given: argparse.Namespace) -> None:
    from infra.demo import seed  # noqa: PLC0415

    seed(deployment, Progress(), candidates=given.candidates, photos=given.photos)


def _exam(deployment: Deployment, given: argparse.Namespace) -> None:
    from infra.exam_file.command import load_exam  # noqa: PLC0415

    load_exam(deployment, Progress(), given.file, given.new_password)


def _export(deployment: Deployment, given: argparse.Namespace) -> None:
    from infra.record_export import export  # noqa: PLC0415

    export(deployment, Progress(), given.session, given.out or Path(f"{given.session}.zip"))


def _verify(deployment: Deployment, given: argparse.Namespace) -> None:
    from infra.record_export import verify_file, verify_session  # noqa: PLC0415

    found = verify_file(given.file) if given.file else verify_session(deployment, given.session)
    for fault in found:
        print(f"✗ {fault.where}: {fault.what}")
    if found:
        raise InfraError(f"{len(found)} things do not hold.")
    print("✓ The chains are whole, and every kept file is the one that was kept.")


def _down(deployment: Deployment, given: argparse.Namespace) -> None:
    from infra.down import down  # noqa: PLC0415

    if not given.yes:
        answer = input(f"Delete stage «{deployment.stage}» with all its data? Type its name: ")
        if answer != deployment.stage:
            raise InfraError("Nothing was deleted.")
    down(deployment, Progress())


def _check(_: Deployment, given: argparse.Namespace) -> None:
    from infra.checks import check, lint  # noqa: PLC0415

    (lint if given.lint else check)(Progress())


def _demo(deployment: Deployment, _: argparse.Namespace) -> None:
    from infra.demo import demo  # noqa: PLC0415

    demo(deployment)


def _fail(reason: str, code: int) -> int:
    Console(stderr=True, highlight=False).print(
        f"✗ {reason}", style="red", markup=False, soft_wrap=True
    )
    sys.stdout.flush()
    return code
