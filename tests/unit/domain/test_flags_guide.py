"""docs/flags.md, the guide for proctors and admins, matches the rules profiles."""

import re
from pathlib import Path

import pytest

from chalicelib.domain.monitoring.flags import MAX_CAPTURES
from chalicelib.domain.rules.findings import (
    NOTICE_KINDS,
    REPORTED_KINDS,
    SELF_CORRECTABLE,
    FindingKind,
)
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


def rule_text(kind: FindingKind, rule: FlagRule) -> str:
    """A rule as the guide describes it."""
    if kind in REPORTED_KINDS:
        return f"{rule.severity}"
    escalation = (
        ""
        if rule.escalated is rule.severity or kind in NOTICE_KINDS
        else f" → {rule.escalated} after {span(rule.escalates_after)}"
    )
    return f"{rule.hits} of {rule.window}, {rule.clear} clear; {rule.severity}{escalation}"


def missing_captures_text(profile: MonitoringProfile) -> str:
    rule = profile.rules[FindingKind.NO_SNAPSHOT]
    escalation = f"{rule.severity} → {rule.escalated} after {span(rule.escalates_after)}"
    return f"{span(profile.missing_after)} overdue; {escalation}"


@pytest.mark.parametrize("kind", sorted(set(STANDARD.rules) - {FindingKind.NO_SNAPSHOT}))
def test_guide_describes_each_rule(kind: FindingKind) -> None:
    expected = [rule_text(kind, profile.rules[kind]) for profile in (LENIENT, STANDARD, STRICT)]
    assert rows("The rules 规则")[kind] == expected


def test_guide_describes_no_other_rules() -> None:
    assert set(rows("The rules 规则")) == set(STANDARD.rules)


def test_guide_describes_missing_captures() -> None:
    expected = [missing_captures_text(profile) for profile in (LENIENT, STANDARD, STRICT)]
    assert rows("The rules 规则")[FindingKind.NO_SNAPSHOT] == expected


def test_guide_explains_every_kind_and_whether_it_is_correctable() -> None:
    explanations = rows("What each flag says 各类标记")
    assert set(explanations) == set(FindingKind)
    assert {kind for kind, cells in explanations.items() if "✓" in cells[-1]} == set(
        SELF_CORRECTABLE
    )


def test_guide_states_the_number_of_captures_kept() -> None:
    assert f"at most {MAX_CAPTURES}" in GUIDE
