"""Options of `python -m infra costs`; apart from the model, which the other commands do not load."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_cost_options(costs: argparse.ArgumentParser) -> None:
    """Add the options that describe a sitting, and the prices."""
    costs.add_argument("--candidates", type=int, default=1_000, metavar="N", help="(%(default)s)")
    costs.add_argument("--hours", type=float, default=1.0, metavar="H", help="(%(default)s)")
    costs.add_argument("--one-view", action="store_true", help="without the phone's camera")
    costs.add_argument("--no-sound", action="store_true", help="without sound clips")
    costs.add_argument(
        "--days", type=int, default=30, help="how long captures are kept (%(default)s)"
    )
    for track in ("first", "second", "screen"):
        costs.add_argument(
            f"--record-{track}",
            choices=("none", "flags", "all"),
            default="none",
            help="how much of this track is recorded (%(default)s)",
        )
    costs.add_argument(
        "--second-speech",
        action="store_true",
        help="judge speech in the phone's recorded sound too",
    )
    costs.add_argument(
        "--quality", choices=("low", "standard", "high"), default="standard", help="(%(default)s)"
    )
    costs.add_argument(
        "--recording-days",
        type=int,
        default=30,
        help="how long recordings are kept (%(default)s)",
    )
    costs.add_argument(
        "--prices", type=Path, metavar="TOML", help="prices of a region or contract of your own"
    )
