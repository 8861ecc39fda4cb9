"""`python -m infra costs`: from its options to the printed tables."""

from __future__ import annotations

import argparse

from rich.console import Console

from chalicelib.domain.recording.recording_rule import (
    RecordingMode,
    RecordingQuality,
    RecordingRule,
)
from infra.capacity.model import Plan
from infra.capacity.prices import US_EAST_1, read_prices
from infra.capacity.report import print_report
from infra.errors import InfraError


def print_costs(options: argparse.Namespace) -> None:
    """Print what a sitting needs and costs. Raises InfraError."""
    if (
        options.candidates < 1
        or options.hours <= 0
        or min(options.days, options.recording_days) < 1
    ):
        raise InfraError("--candidates, --hours and the days must be positive.")
    plan = Plan(
        options.candidates,
        second_view=not options.one_view,
        sound=not options.no_sound,
        retention_days=options.days,
        recording=RecordingRule(
            RecordingMode(options.record_first),
            RecordingMode(options.record_second),
            RecordingMode(options.record_screen),
            RecordingQuality(options.quality),
            second_speech=options.second_speech,
        ),
        recording_days=options.recording_days,
    )
    prices = read_prices(options.prices) if options.prices else US_EAST_1
    print_report(Console(highlight=False), plan, options.hours, prices)
