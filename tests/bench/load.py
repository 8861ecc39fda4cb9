"""Load on the API while AWS fails: ``python -m tests.bench.load``; about an hour on two cores.

Plays candidates (sign-in, sockets, capture plans, pictures, answers, hand-in) in processes against
the local AWS, through a proxy that fails a share of the calls to DynamoDB, SQS and S3. Exits with 1
where anything is lost or doubled.
"""

import argparse
import os
import socket
import sys
import tempfile
import time
from pathlib import Path

from infra.demo import bring_up
from tests.load.load_run import LoadPlan, run_load


def main() -> int:
    plan = _plan(_parser().parse_args())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, bring_up(port, Path(folder) / "aws") as product:
        from chalicelib.wiring.api import build_app_context  # noqa: PLC0415  (reads the environment)
        from tests.support.deployed_exam import DeployedExam  # noqa: PLC0415

        with product.deployment.activated():
            os.environ["INVIGIL_STAGE"] = product.deployment.stage
            began = time.perf_counter()
            result = run_load(DeployedExam(product, build_app_context()), plan)
            took = time.perf_counter() - began
    print("\n".join(result.lines()))
    print(f"took {took:,.0f} s, {result.acknowledged / took:.0f} answers a second")
    return 1 if result.wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("--candidates", type=int, default=500)
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--changes", type=int, default=4, help="of each answer of each candidate")
    parser.add_argument("--pictures", type=int, default=1, help="of each candidate")
    parser.add_argument("--processes", type=int, default=12)
    parser.add_argument("--faults", type=float, default=0.2, help="share of the calls that fail")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def _plan(options: argparse.Namespace) -> LoadPlan:
    return LoadPlan(
        candidates=options.candidates,
        questions=options.questions,
        changes=options.changes,
        pictures=options.pictures,
        processes=options.processes,
        fault_share=options.faults,
        seed=options.seed,
    )


if __name__ == "__main__":
    sys.exit(main())
