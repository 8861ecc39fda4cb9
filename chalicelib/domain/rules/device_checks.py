"""Device checks (设备检测) before an exam: what is measured, what a measure is worth, who may go on.

The page measures, since only it can, and sends numbers; the rule here says what they are worth.
A check that MUST pass keeps the candidate from going on while it fails; one that is ADVISED only
warns; one that is OFF is not made. What a browser cannot tell is judged by the limit's `unknown`,
so that nobody is kept out by a browser's reticence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.types import Millis

MAX_NOTE_LENGTH = 120


class CheckGroup(StrEnum):
    """The four headings of the notice (四项)."""

    COMPATIBILITY = "compatibility"  # 兼容性
    PERMISSION = "permission"  # 权限
    DETECTION = "detection"  # 设备检测
    USABILITY = "usability"  # 设备可用性


class DeviceCheck(StrEnum):
    """One thing that is checked; behind each, what its measure means."""

    SYSTEM = "system"  # 2 a system of the notice, 1 another computer, 0 a phone
    BROWSER = "browser"  # 2 has everything, 1 lacks something, 0 lacks what an exam needs
    SCREENS = "screens"  # how many displays
    STORAGE = "storage"  # MB that answers may take; 0 where nothing can be kept
    CLOCK = "clock"  # seconds that the computer's clock is apart from the server's
    ALLOWED = "allowed"  # how many of camera and microphone the page may use
    CAMERA = "camera"  # width of its picture, pixels
    MICROPHONE = "microphone"  # loudest sound heard, 0..100
    SPEAKER = "speaker"  # 1 the person heard the sound
    HEADPHONES = "headphones"  # 1 the person wears some
    POWER = "power"  # 1 on the mains
    FRAMING = "framing"  # 0 as it should be, 1 could be better, 2 nobody to be seen rightly
    UPLOAD = "upload"  # Mbit/s to the media bucket
    DOWNLOAD = "download"  # Mbit/s from it
    LATENCY = "latency"  # ms to the API and back
    REACH = "reach"  # WebRTC: 2 reachable from outside, 1 in the own network only, 0 not at all


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
    """What a measure is worth."""

    PASS = "pass"  # noqa: S105  (no password)
    WARN = "warn"
    FAIL = "fail"


class CheckDemand(StrEnum):
    """How much a subject asks for a check."""

    MUST = "must"
    ADVISED = "advised"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From where a measure passes (`good`), and from where it only warns (`enough`).

    More is better, unless `less` is.
    """

    pass_at: float
    warn_at: float
    lower_is_better: bool = False
    unknown: CheckOutcome = CheckOutcome.FAIL

    def judge(self, value: float | None) -> CheckOutcome:
        """Return what a measure is worth; None is what the browser cannot tell."""
        if value is None:
            return self.unknown
        if self._reaches(value, self.pass_at):
            return CheckOutcome.PASS
        return CheckOutcome.WARN if self._reaches(value, self.warn_at) else CheckOutcome.FAIL

    def _reaches(self, value: float, wanted: float) -> bool:
        return value <= wanted if self.lower_is_better else value >= wanted


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
    # The notice asks for 2 MB/s and 20 Mbit/s. One measurement is a sample, and pictures pass
    # through far less: below the rule it warns, and only a line that cannot carry the exam fails.
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
"""What only warns unless a subject says otherwise; everything else must pass."""


@dataclass(frozen=True, slots=True)
class CheckRules:
    """A subject's own demands and limits; what it does not name is as above."""

    demands: dict[DeviceCheck, CheckDemand] = field(default_factory=dict)
    thresholds: dict[DeviceCheck, Threshold] = field(default_factory=dict)

    def demand(self, check: DeviceCheck) -> CheckDemand:
        """Return how much this subject asks for a check."""
        return self.demands.get(
            check, CheckDemand.ADVISED if check in ADVISORY_BY_DEFAULT else CheckDemand.MUST
        )

    def threshold(self, check: DeviceCheck) -> Threshold:
        """Return the limits that hold in this subject."""
        return self.thresholds.get(check, DEFAULT_THRESHOLDS[check])

    def judge(self, check: DeviceCheck, value: float | None) -> CheckOutcome:
        """Return what a measure is worth in this subject."""
        outcome = self.threshold(check).judge(value)
        if outcome is CheckOutcome.FAIL and self.demand(check) is not CheckDemand.MUST:
            return CheckOutcome.WARN
        return outcome

    @property
    def enabled(self) -> tuple[DeviceCheck, ...]:
        """The checks that are made, in the order of their groups."""
        every = (check for group in GROUPS.values() for check in group)
        return tuple(check for check in every if self.demand(check) is not CheckDemand.OFF)


@dataclass(frozen=True, slots=True)
class CheckMeasure:
    """What the page measured. `note` is for the proctor to read, such as a browser's name."""

    check: DeviceCheck
    value: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A measure and what it was worth when it came."""

    outcome: CheckOutcome
    value: float | None
    note: str
    at: Millis


@dataclass(frozen=True, slots=True)
class CheckResults:
    """The newest result of each check of one session; `version` as everywhere."""

    session_id: str
    version: int = 0
    results: dict[DeviceCheck, CheckResult] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """The checks in short, kept with the session: for the door and for the proctors' wall."""

    at: Millis
    outcome: CheckOutcome
    ready: bool
    """Every check that must pass was made and did."""


def with_results(
    checks: CheckResults, rules: CheckRules, measures: Iterable[CheckMeasure], now: Millis
) -> CheckResults:
    """Return the checks with newer results; what the subject does not ask for is left out."""
    fresh = {
        measure.check: CheckResult(
            rules.judge(measure.check, measure.value),
            measure.value,
            measure.note[:MAX_NOTE_LENGTH],
            now,
        )
        for measure in measures
        if measure.check in rules.enabled
    }
    return replace(checks, version=checks.version + 1, results={**checks.results, **fresh})


def missing(
    rules: CheckRules, results: Mapping[DeviceCheck, CheckResult]
) -> tuple[DeviceCheck, ...]:
    """Return the checks that still keep the candidate from going on."""
    return tuple(
        check
        for check in rules.enabled
        if rules.demand(check) is CheckDemand.MUST
        and (check not in results or results[check].outcome is CheckOutcome.FAIL)
    )


def summarize(rules: CheckRules, checks: CheckResults, now: Millis) -> CheckSummary:
    """Return the checks in short: the worst outcome of what is asked and made."""
    found = {checks.results[check].outcome for check in rules.enabled if check in checks.results}
    worst = next(
        (one for one in (CheckOutcome.FAIL, CheckOutcome.WARN) if one in found), CheckOutcome.PASS
    )
    return CheckSummary(now, worst, ready=not missing(rules, checks.results))


def allows_entry(rules: CheckRules, checked: CheckSummary | None) -> bool:
    """Tell whether the checks let a candidate go on; before any was made, only if none must pass."""
    return checked.ready if checked else not missing(rules, {})
