"""From device checks to what candidates and staff see of them."""

from chalicelib.domain.rules.device_checks import GROUPS, CheckResults, CheckRules, unmet_checks
from chalicelib.schemas.checks import CheckOut, CheckRuleOut, ChecksOut

GROUP_OF = {check: group for group, checks in GROUPS.items() for check in checks}


def checks_out(rules: CheckRules, checks: CheckResults, now: int) -> ChecksOut:
    """Return a session's device checks with their rules."""
    return ChecksOut(
        rules=[
            CheckRuleOut(
                check=check,
                group=GROUP_OF[check],
                demand=rules.demand(check),
                good=rules.threshold(check).pass_at,
                enough=rules.threshold(check).warn_at,
            )
            for check in rules.enabled
        ],
        results=results_out(checks),
        missing=list(unmet_checks(rules, checks.results)),
        now=now,
    )


def results_out(checks: CheckResults) -> list[CheckOut]:
    """Return the newest results, in the order of the groups."""
    return [
        CheckOut(
            check=check,
            group=group,
            outcome=checks.results[check].outcome,
            value=checks.results[check].value,
            note=checks.results[check].note,
            at=checks.results[check].at,
        )
        for check, group in GROUP_OF.items()
        if check in checks.results
    ]
