"""Prints the addresses and accounts of the demonstration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table

WIDTH = 120  # URLs must not be truncated; a narrow terminal wraps the lines itself


def print_summary(console: Console, summary: dict[str, Any], file: Path) -> None:
    """Print the contents of `demo.json` as tables."""
    body = Group(_addresses(summary), "", _candidates(summary), "", _staff(summary))
    box = Panel(body, title="Invigil 监考", subtitle="Press Ctrl-C to stop", expand=False)
    wide = Console(file=console.file, width=max(console.width, WIDTH), highlight=False)
    wide.print(box)
    console.print(f"Saved as {file}", soft_wrap=True)


def _addresses(summary: dict[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2))
    for label, key in (("考生 Exam", "exam_url"), ("手机 Phone", "phone_url")):
        table.add_row(label, summary[key])
    table.add_row("监考 Console", summary["console_url"])
    table.add_row("接口 API", summary["api_docs_url"])
    return table


def _candidates(summary: dict[str, Any]) -> Table:
    columns = {
        "考生 Candidate": "name",
        "证件号 ID number": "id_number",
        "准考证号 Admission number": "admission_number",
        "科目 Subject": "subject",
        "调试口令 Practice": "trial_passcode",
        "正式口令 Official": "official_passcode",
    }
    return _table(columns, summary["candidates"])


def _staff(summary: dict[str, Any]) -> Table:
    columns = {"工作人员 Staff": "username", "密码 Password": "password", "角色 Role": "role"}
    return _table(columns, summary["staff"])


def _table(columns: dict[str, str], rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in columns:
        table.add_column(heading, no_wrap=True)
    for row in rows:
        table.add_row(*(str(row[key]) for key in columns.values()))
    return table
