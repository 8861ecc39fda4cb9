"""The operators' guide knows every alarm that can ring."""

import re
from pathlib import Path

import pytest

from infra.deployments import ROOT
from infra.up import TEMPLATE

GUIDES = [ROOT / "docs" / "guide" / name for name in ("operator.md", "operator.zh.md")]
ALARM = re.compile(r"AlarmName: !Sub invigil-\$\{Stage\}-([\w-]+)")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_alarm_has_its_row_and_no_row_lacks_its_alarm(guide: Path) -> None:
    alarms = set(ALARM.findall(TEMPLATE.read_text(encoding="utf-8")))
    rows = [line for line in guide.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    listed = {name for row in rows for name in re.findall(r"`([\w-]+)`", row.split("|")[1])}
    assert listed == alarms
