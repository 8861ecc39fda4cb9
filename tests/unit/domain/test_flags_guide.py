"""docs/flags.md, which proctors and admins read, says what the profiles do."""

import re
from pathlib import Path

import pytest

from chalicelib.domain.monitoring.flags import MAX_CAPTURES
from chalicelib.domain.rules.findings import SELF_CORRECTABLE, FindingKind
from chalicelib.domain.rules.profiles import LENIENT, STANDARD, STRICT, FlagRule, MonitoringProfile
from chalicelib.domain.types import MINUTE, SECOND

GUIDE = (Path(__file__).parents[3] / "docs" / "flags.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \|$", re.MULTILINE)


def rows(heading: str) -> dict[str, list[str]]:
    """The cells of the table under a heading, by the kind that each row is about."""
    section = GUIDE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return {kind: [cell.strip() for cell in rest.split("|")] for kind, rest in ROW.findall(section)}


def span(millis: int) -> str:
    return f"{millis // MINUTE} min" if millis % MINUTE == 0 else f"{millis // SECOND} s"


def told(rule: FlagRule) -> str:
    """A rule as the guide writes it."""
    grown = (
        ""
        if rule.escalated is rule.severity
        else f" → {rule.escalated} after {span(rule.escalates_after)}"
    )
    return f"{rule.hits} of {rule.window}, {rule.clear} clear; {rule.severity}{grown}"


def told_silence(profile: MonitoringProfile) -> str:
    rule = profile.rules[FindingKind.NO_SNAPSHOT]
    grown = f"{rule.severity} → {rule.escalated} after {span(rule.escalates_after)}"
    return f"{span(profile.missing_after)} overdue; {grown}"


@pytest.mark.parametrize("kind", sorted(set(STANDARD.rules) - {FindingKind.NO_SNAPSHOT}))
def test_each_rule_is_told_as_it_is(kind: FindingKind) -> None:
    expected = [told(profile.rules[kind]) for profile in (LENIENT, STANDARD, STRICT)]
    assert rows("The rules 规则")[kind] == expected


def test_no_other_rules_are_told() -> None:
    assert set(rows("The rules 规则")) == set(STANDARD.rules)


def test_silence_is_told_as_it_is() -> None:
    expected = [told_silence(profile) for profile in (LENIENT, STANDARD, STRICT)]
    assert rows("The rules 规则")[FindingKind.NO_SNAPSHOT] == expected


def test_every_kind_is_explained_and_says_whether_it_can_be_mended() -> None:
    explained = rows("What each flag says 各类标记")
    assert set(explained) == set(FindingKind)
    assert {kind for kind, cells in explained.items() if "✓" in cells[-1]} == set(SELF_CORRECTABLE)


def test_the_number_of_pictures_kept_is_told() -> None:
    assert f"at most {MAX_CAPTURES}" in GUIDE
