"""Commands, options and exit codes of `python -m infra`.

0: success; 1: an error that the user must fix, reported in one line; 2: wrong usage or port in use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from infra.capacity.options import add_cost_options
from infra.deployments import LOCAL_STAGE, Deployment, deployment_from
from infra.errors import InfraError
from infra.progress import Progress

EXAM_HELP = "exam that the pages open (default: the one they open now; at first the demo exam)"

type Command = Callable[[Deployment, argparse.Namespace], None]


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code."""
    options = parser().parse_args(arguments)
    command: Command = options.run
    try:
        command(deployment_from(options.stage, options.port, options.data), options)
    except KeyboardInterrupt:
        return 130
    except InfraError as error:
        return _fail(str(error), error.code)
    except (BotoCoreError, ClientError) as error:
        return _fail(f"AWS: {error}", 1)
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m infra",
        description="Deploy, seed, publish and delete Invigil, on AWS or on this machine.",
    )
    commands = top.add_subparsers(title="commands", metavar="<command>", required=True)

    local = _add_command(commands, "local", _local, "run the local AWS in the foreground")
    local.add_argument(
        "--with-parent", action="store_true", help="stop at the end of standard input"
    )
    deploy = _add_command(
        commands, "deploy", _deploy, "build and deploy everything: the stack, the API and the pages"
    )
    deploy.add_argument("--exam-id", help=EXAM_HELP)
    stack = _add_command(
        commands, "up", _up, "build the function packages and create or update the stack"
    )
    for command in (deploy, stack):
        command.add_argument("--alarm-email", help="address for alarms (default: as before)")
    publish = _add_command(commands, "publish", _publish, "upload the web pages and config.json")
    publish.add_argument("--exam-id", help=EXAM_HELP)
    seed = _add_command(commands, "seed", _seed, "create the demonstration exam")
    seed.add_argument("--candidates", type=Path, metavar="CSV", help="add candidates from a file")
    seed.add_argument(
        "--photos", type=Path, metavar="FOLDER", help="JPEG photos, named by either number"
    )
    seed.add_argument(
        "--import-rest", action="store_true", help="import the other lines where some are refused"
    )
    exam = _add_command(commands, "exam", _exam, "import an exam from a JSON file")
    exam.add_argument("file", type=Path, help="exam file; see docs/guide/exam-file.md")
    exam.add_argument(
        "--new-password",
        action="append",
        default=[],
        metavar="USERNAME",
        help="generate a new password for this user; may be repeated",
    )
    export = _add_command(commands, "export", _export, "export a session's record as a zip file")
    export.add_argument("session", help="session id, as in the console's URL")
    export.add_argument("--out", type=Path, metavar="FILE", help="default: <session>.zip")
    recordings = _add_command(
        commands, "recordings", _recordings, "download a session's recordings, with their hashes"
    )
    recordings.add_argument("session", help="session id, as in the console's URL")
    recordings.add_argument("folder", type=Path, help="where the files and recordings.csv go")
    recordings.add_argument("--since", metavar="TIME", help="such as 2027-01-15T09:30:00+08:00")
    recordings.add_argument("--until", metavar="TIME", help="a time as for --since")
    verify = _add_command(
        commands, "verify-audit", _verify, "verify a session's audit chain and evidence"
    )
    source = verify.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", type=Path, help="exported record; verified offline")
    source.add_argument("--session", help="session id; verified in the tables and the bucket")
    costs = _add_command(
        commands, "costs", _costs, "print what a sitting needs of each quota and what it costs"
    )
    add_cost_options(costs)
    figures = _add_command(
        commands,
        "record-figures",
        _record_figures,
        "show how the flags of an exam were decided, by kind, with intervals",
    )
    figures.add_argument("--exam-id", required=True, metavar="EXAM", help="exam id")
    rotate = _add_command(commands, "rotate-key", _rotate_key, "sign tokens with a new key")
    rotate.add_argument(
        "--sign-everybody-out",
        action="store_true",
        help="let no present sign-in go on, as after a theft of the key",
    )
    down = _add_command(commands, "down", _down, "delete the application, the stack and its data")
    down.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    check = _add_command(commands, "check", _check, "run linters, type checks and all tests")
    check.add_argument("--lint", action="store_true", help="skip the tests")
    _add_command(commands, "demo", _demo, "build, deploy, seed and run everything on this machine")
    return top


def _add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Command,
    summary: str,
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )
    command.add_argument("--stage", default=LOCAL_STAGE, help="deployment stage (%(default)s)")
    command.add_argument(
        "--port", type=int, help="port of the local AWS (default: $INVIGIL_PORT or 4566)"
    )
    command.add_argument(
        "--data",
        type=Path,
        help="data folder of the local AWS (default: $INVIGIL_DATA or .local/aws)",
    )
    command.set_defaults(run=run)
    return command


def _local(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.local.server import check_port, run  # noqa: PLC0415

    check_port(deployment.port)
    print(f"Local AWS at http://127.0.0.1:{deployment.port}, data in {deployment.data}", flush=True)
    run(deployment.port, deployment.data, with_parent=options.with_parent)
    print("Local AWS stopped, data saved.", flush=True)
    os._exit(0)  # do not wait for threads of requests in progress


def _up(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.up import up  # noqa: PLC0415

    up(deployment, Progress(), alarm_email=options.alarm_email)


def _publish(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.demo import demonstration_exam  # noqa: PLC0415
    from infra.publish import publish  # noqa: PLC0415

    publish(deployment, Progress(), options.exam_id, demonstration_exam())


def _deploy(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.deploy import deploy  # noqa: PLC0415

    deploy(deployment, Progress(), options.exam_id, options.alarm_email)


def _seed(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.demo import seed  # noqa: PLC0415

    seed(
        deployment,
        Progress(),
        candidates=options.candidates,
        photos=options.photos,
        import_rest=options.import_rest,
    )


def _exam(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.exam_file.command import load_exam  # noqa: PLC0415

    load_exam(deployment, Progress(), options.file, options.new_password)


def _export(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.record_export import export  # noqa: PLC0415

    export(deployment, Progress(), options.session, options.out or Path(f"{options.session}.zip"))


def _recordings(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.recordings import TimeRange, download, parse_time  # noqa: PLC0415

    since, until = (parse_time(text) if text else None for text in (options.since, options.until))
    span = TimeRange(since, until)
    download(deployment, Progress(), options.session, options.folder, span)


def _verify(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.record_export import verify_file, verify_session  # noqa: PLC0415

    faults = (
        verify_file(options.file) if options.file else verify_session(deployment, options.session)
    )
    for fault in faults:
        print(f"✗ {fault.where}: {fault.what}")
    if faults:
        raise InfraError(f"Verification failed: {len(faults)} integrity faults.")
    print("✓ The chains are unbroken; evidence files and recordings match their hashes.")


def _costs(_deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.capacity.command import print_costs  # noqa: PLC0415

    print_costs(options)


def _record_figures(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.record_figures import record_figures, summary  # noqa: PLC0415

    print(*summary(record_figures(deployment, options.exam_id)), sep="\n")


def _rotate_key(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.rotate_key import rotate_key  # noqa: PLC0415

    rotate_key(deployment, Progress(), sign_everybody_out=options.sign_everybody_out)


def _down(deployment: Deployment, options: argparse.Namespace) -> None:
    from infra.down import down  # noqa: PLC0415

    if not options.yes:
        answer = input(f"Delete stage «{deployment.stage}» and all its data? Type its name: ")
        if answer != deployment.stage:
            raise InfraError("Nothing was deleted.")
    down(deployment, Progress())


def _check(_: Deployment, options: argparse.Namespace) -> None:
    from infra.checks import check, lint  # noqa: PLC0415

    (lint if options.lint else check)(Progress())


def _demo(deployment: Deployment, _: argparse.Namespace) -> None:
    from infra.demo import demo  # noqa: PLC0415

    demo(deployment)


def _fail(reason: str, code: int) -> int:
    Console(stderr=True, highlight=False).print(
        f"✗ {reason}", style="red", markup=False, soft_wrap=True
    )
    sys.stdout.flush()
    return code
