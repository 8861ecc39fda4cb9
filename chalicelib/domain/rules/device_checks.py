"""Device checks (设备检测) before an exam: measures, thresholds, and whether a candidate may enter.

The exam page measures and sends numbers; the subject's rules evaluate them on the server. A check
with demand MUST blocks the candidate while it fails, ADVISED only warns, OFF is not run. A measure
that a browser cannot provide has the threshold's outcome `unknown`, so that no candidate is blocked
by what a browser does not reveal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.types import Millis

MAX_NOTE_LENGTH = 120


class CheckGroup(StrEnum):
    """The four groups of checks in the exam notice (四项)."""

    COMPATIBILITY = "compatibility"  # 兼容性
    PERMISSION = "permission"  # 权限
    DETECTION = "detection"  # 设备检测
    USABILITY = "usability"  # 设备可用性


class DeviceCheck(StrEnum):
    """A device check; the comment gives the meaning of its measure."""

    SYSTEM = "system"  # 2 a system named in the notice, 1 another computer, 0 a phone
    BROWSER = "browser"  # 2 supports everything, 1 lacks something, 0 lacks what an exam needs
    SCREENS = "screens"  # number of displays
    STORAGE = "storage"  # MB available for answers; 0 if nothing can be stored
    CLOCK = "clock"  # seconds between the computer's clock and the server's
    ALLOWED = "allowed"  # permissions granted, of camera and microphone
    CAMERA = "camera"  # width of its picture in pixels
    MICROPHONE = "microphone"  # peak level, 0..100
    SPEAKER = "speaker"  # 1 the candidate heard the test sound
    HEADPHONES = "headphones"  # 1 the candidate wears headphones
    POWER = "power"  # 1 on mains power
    FRAMING = "framing"  # 0 good, 1 could be better, 2 the candidate is not properly visible
    UPLOAD = "upload"  # Mbit/s to the media bucket
    DOWNLOAD = "download"  # Mbit/s from it
    LATENCY = "latency"  # round trip to the API in ms
    REACH = "reach"  # WebRTC: 2 reachable from outside, 1 in the local network only, 0 not at all


GROUPS: dict[CheckGroup, tuple[DeviceCheck, ...]] = {
    CheckGroup.COMPATIBILITY: (
        DeviceCheck.SYSTEM, DeviceCheck.BROWSER, DeviceCheck.SCREENS, DeviceCheck.STORAGE, DeviceCheck.CLOCK,
    ),
    CheckGroup.PERMISSION: (DeviceCheck.ALLOWED,),
    CheckGroup.DETECTION: (
        DeviceCheck.CAMERA,
        DeviceCheck.MICROPHONE,
        DeviceCheck.SPEAKER,
        DeviceCheck.HEADPHONES,
        DeviceCheck.POWER,
    ),
    CheckGroup.USABILITY: (
        DeviceCheck.FRAMING, DeviceCheck.UPLOAD, DeviceCheck.DOWNLOAD, DeviceCheck.LATENCY, DeviceCheck.REACH,
    ),
}  # fmt: skip


class CheckOutcome(StrEnum):
    """The outcome of a check."""

    PASS = "pass"  # noqa: S105  (no password)
    WARN = "warn"
    FAIL = "fail"


class CheckDemand(StrEnum):
    """How strictly a subject requires a check."""

    MUST = "must"
    ADVISED = "advised"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The values from which a measure passes (`pass_at`) and from which it only warns (`warn_at`).

    Higher is better unless `lower_is_better`. `unknown` is the outcome without a measure.
    """

    pass_at: float
    warn_at: float
    lower_is_better: bool = False
    unknown: CheckOutcome = CheckOutcome.FAIL

    def judge(self, value: float | None) -> CheckOutcome:
        """Return the outcome of a measure; None means that the browser cannot provide it."""
        if value is None:
            return self.unknown
        if self._meets(value, self.pass_at):
            return CheckOutcome.PASS
        return CheckOutcome.WARN if self._meets(value, self.warn_at) else CheckOutcome.FAIL

    def _meets(self, value: float, limit: float) -> bool:
        return value <= limit if self.lower_is_better else value >= limit


DEFAULT_THRESHOLDS: dict[DeviceCheck, Threshold] = {
    DeviceCheck.SYSTEM: Threshold(2, 1),
    DeviceCheck.BROWSER: Threshold(2, 1),
    DeviceCheck.SCREENS: Threshold(1, 1, lower_is_better=True, unknown=CheckOutcome.WARN),
    DeviceCheck.STORAGE: Threshold(50, 5, unknown=CheckOutcome.PASS),
    DeviceCheck.CLOCK: Threshold(
        60, 10 * 365 * 24 * 3600, lower_is_better=True, unknown=CheckOutcome.WARN
    ),
    DeviceCheck.ALLOWED: Threshold(2, 2),
    DeviceCheck.CAMERA: Threshold(640, 320),
    DeviceCheck.MICROPHONE: Threshold(2, 0),
    DeviceCheck.SPEAKER: Threshold(1, 1),
    DeviceCheck.HEADPHONES: Threshold(0, 0, lower_is_better=True),
    DeviceCheck.POWER: Threshold(1, 0, unknown=CheckOutcome.WARN),
    DeviceCheck.FRAMING: Threshold(0, 1, lower_is_better=True, unknown=CheckOutcome.WARN),
    # The notice asks for 2 MB/s and 20 Mbit/s. One measurement is a sample, and pictures need far
    # less: below the notice's values it warns, and only a line too slow for the exam fails.
    DeviceCheck.UPLOAD: Threshold(16, 2),
    DeviceCheck.DOWNLOAD: Threshold(20, 2),
    DeviceCheck.LATENCY: Threshold(500, 5000, lower_is_better=True),
    DeviceCheck.REACH: Threshold(2, 1, unknown=CheckOutcome.WARN),
}

ADVISORY_BY_DEFAULT = frozenset(
    {
        DeviceCheck.SYSTEM,
        DeviceCheck.CLOCK,
        DeviceCheck.POWER,
        DeviceCheck.FRAMING,
        DeviceCheck.REACH,
    }
)
"""Checks that only warn unless a subject sets another demand; all others must pass."""


@dataclass(frozen=True, slots=True)
class CheckRules:
    """A subject's demands and thresholds; checks that it does not name have the defaults above."""

    demands: dict[DeviceCheck, CheckDemand] = field(default_factory=dict)
    thresholds: dict[DeviceCheck, Threshold] = field(default_factory=dict)

    def demand(self, check: DeviceCheck) -> CheckDemand:
        """Return how strictly this subject requires a check."""
        return self.demands.get(
            check, CheckDemand.ADVISED if check in ADVISORY_BY_DEFAULT else CheckDemand.MUST
        )

    def threshold(self, check: DeviceCheck) -> Threshold:
        """Return this subject's threshold for a check."""
        return self.thresholds.get(check, DEFAULT_THRESHOLDS[check])

    def judge(self, check: DeviceCheck, value: float | None) -> CheckOutcome:
        """Return the outcome of a measure in this subject."""
        outcome = self.threshold(check).judge(value)
        if outcome is CheckOutcome.FAIL and self.demand(check) is not CheckDemand.MUST:
            return CheckOutcome.WARN
        return outcome

    @property
    def enabled(self) -> tuple[DeviceCheck, ...]:
        """The checks to run, in the order of their groups."""
        checks = (check for group in GROUPS.values() for check in group)
        return tuple(check for check in checks if self.demand(check) is not CheckDemand.OFF)


@dataclass(frozen=True, slots=True)
class CheckMeasure:
    """What the page measured. `note` is shown to the proctor, such as a browser's name."""

    check: DeviceCheck
    value: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A measure with its outcome at the time it was reported."""

    outcome: CheckOutcome
    value: float | None
    note: str
    at: Millis


@dataclass(frozen=True, slots=True)
class CheckResults:
    """The latest result of each check of a session; `version` is for optimistic locking."""

    session_id: str
    version: int = 0
    results: dict[DeviceCheck, CheckResult] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """A summary of the checks, stored in the session: for check-in and for the proctors' wall."""

    at: Millis
    outcome: CheckOutcome
    ready: bool
    """Whether every check that must pass was run and passed."""


def with_results(
    checks: CheckResults, rules: CheckRules, measures: Iterable[CheckMeasure], now: Millis
) -> CheckResults:
    """Return the checks with newer results; checks that are not enabled are ignored."""
    newer = {
        measure.check: CheckResult(
            rules.judge(measure.check, measure.value),
            measure.value,
            measure.note[:MAX_NOTE_LENGTH],
            now,
        )
        for measure in measures
        if measure.check in rules.enabled
    }
    return replace(checks, version=checks.version + 1, results={**checks.results, **newer})


def unmet_checks(
    rules: CheckRules, results: Mapping[DeviceCheck, CheckResult]
) -> tuple[DeviceCheck, ...]:
    """Return the checks that still block the candidate."""
    return tuple(
        check
        for check in rules.enabled
        if rules.demand(check) is CheckDemand.MUST
        and (check not in results or results[check].outcome is CheckOutcome.FAIL)
    )


def summarize(rules: CheckRules, checks: CheckResults, now: Millis) -> CheckSummary:
    """Return a summary of the checks: the worst outcome of those enabled and run."""
    outcomes = {checks.results[check].outcome for check in rules.enabled if check in checks.results}
    worst = next(
        (outcome for outcome in (CheckOutcome.FAIL, CheckOutcome.WARN) if outcome in outcomes),
        CheckOutcome.PASS,
    )
    return CheckSummary(now, worst, ready=not unmet_checks(rules, checks.results))


def allows_entry(rules: CheckRules, summary: CheckSummary | None) -> bool:
    """Return whether the checks allow entry; before any was run, only if none must pass."""
    return summary.ready if summary else not unmet_checks(rules, {})
