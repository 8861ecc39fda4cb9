"""Requests and answers of the device checks."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.rules.device_checks import (
    GROUPS,
    MAX_NOTE_LENGTH,
    CheckDemand,
    CheckGroup,
    CheckOutcome,
    CheckResults,
    DeviceCheck,
)
from chalicelib.domain.rules.device_checks import CheckMeasure as Measured
from chalicelib.domain.rules.device_checks import CheckRules as Rules
from chalicelib.domain.rules.device_checks import unmet_checks as missing_of
from chalicelib.schemas.common import ApiModel, UploadOut


class MeasureIn(ApiModel):
    """What the page measured; null where the browser cannot tell."""

    check: DeviceCheck
    value: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    note: Annotated[str, StringConstraints(max_length=MAX_NOTE_LENGTH)] = ""

    def to_rules(self) -> Measured:
        """Return the measure as the rules know it."""
        return Measured(self.check, self.value, self.note)


class ChecksIn(ApiModel):
    """Measures; each check's newest counts."""

    measures: list[MeasureIn] = Field(min_length=1, max_length=len(DeviceCheck))


class CheckRuleOut(ApiModel):
    """What a subject asks of one check."""

    check: DeviceCheck
    group: CheckGroup
    demand: CheckDemand
    good: float
    enough: float


class CheckOut(ApiModel):
    """The newest result of one check."""

    check: DeviceCheck
    group: CheckGroup
    outcome: CheckOutcome
    value: float | None
    note: str
    at: int


class ChecksOut(ApiModel):
    """The checks that are asked, in their order, what came of them, and what is still missing."""

    rules: list[CheckRuleOut]
    results: list[CheckOut]
    missing: list[DeviceCheck]
    now: int


class CheckSummaryOut(ApiModel):
    """A session's checks in short."""

    at: int
    outcome: CheckOutcome
    ready: bool


class TransferOut(ApiModel):
    """Where a file of random bytes is sent to measure the line, and read again."""

    upload: UploadOut
    download_url: str


GROUP_OF = {check: group for group, checks in GROUPS.items() for check in checks}


def checks_out(rules: Rules, checks: CheckResults, now: int) -> ChecksOut:
    """Show a session's checks."""
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
        missing=list(missing_of(rules, checks.results)),
        now=now,
    )


def results_out(checks: CheckResults) -> list[CheckOut]:
    """Show the newest results, in the order of the groups."""
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
