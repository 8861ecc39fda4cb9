"""The capacity model's results as tables."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from infra.capacity.model import Cost, Plan, Quota, costs_of, quotas_of
from infra.capacity.prices import Prices

STAGE_LIMIT = 10_000


def print_report(console: Console, plan: Plan, hours: float, prices: Prices) -> None:
    """Print the quotas that a sitting needs, and its costs."""
    console.print(_quota_table(plan.candidates, quotas_of(plan)))
    console.print(_cost_table(plan.candidates, hours, prices, costs_of(plan, prices)))
    console.print(
        "Units and requests are measured on the code; durations are those of one core of a test"
        " machine. Not in it: text messages, the relay of live video, staff who review afterwards,"
        " and what an idle stage costs (two to three dollars a month)."
    )
    if plan.candidates > STAGE_LIMIT:
        console.print(f"More than {STAGE_LIMIT:,} candidates: use several stages.")


def _quota_table(candidates: int, quotas: tuple[Quota, ...]) -> Table:
    table = Table(title=f"Quotas for {candidates:,} candidates who answer at the same time")
    for name in ("", "needed", "at first", ""):
        table.add_column(name, justify="left" if name == "" else "right")
    for quota in quotas:
        style, advice = ("bold red", quota.advice) if quota.is_exceeded else ("", "")
        table.add_row(quota.name, f"{quota.needed:,}", f"{quota.usual:,}", advice, style=style)
    return table


def _cost_table(candidates: int, hours: float, prices: Prices, costs: tuple[Cost, ...]) -> Table:
    table = Table(
        title=f"Costs in {prices.currency}, prices of {prices.region} as of {prices.as_of}"
    )
    columns = ("", "a candidate-hour", f"{candidates:,} candidates, {hours:g} h")
    for name in columns:
        table.add_column(name, justify="right" if name else "left")
    total = sum(cost.amount for cost in costs)
    for cost in (*costs, Cost("together", total)):
        style = "bold" if cost.name == "together" else ""
        sitting = f"{cost.amount * candidates * hours:,.2f}"
        table.add_row(cost.name, f"{cost.amount:.4f}", sitting, style=style)
    return table
