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

LONGEST_NOTE = 120


class Group(StrEnum):
    """The four headings of the notice (四项)."""

    COMPATIBILITY = "compatibility"  # 兼容性
    PERMISSION = "permission"  # 权限
    DETECTION = "detection"  # 设备检测
    USABILITY = "usability"  # 设备可用性


class Check(StrEnum):
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


GROUPS: dict[Group, tuple[Check, ...]] = {
    Group.COMPATIBILITY: (
        Check.SYSTEM, Check.BROWSER, Check.SCREENS, Check.STORAGE, Check.CLOCK,
    ),
    Group.PERMISSION: (Check.ALLOWED,),
    Group.DETECTION: (
        Check.CAMERA, Check.MICROPHONE, Check.SPEAKER, Check.HEADPHONES, Check.POWER,
    ),
    Group.USABILITY: (
        Check.FRAMING, Check.UPLOAD, Check.DOWNLOAD, Check.LATENCY, Check.REACH,
    ),
}  # fmt: skip


class Outcome(StrEnum):
    """What a measure is worth."""

    PASS = "pass"  # noqa: S105  (no password)
    WARN = "warn"
    FAIL = "fail"


class Demand(StrEnum):
    """How much a subject asks for a check."""

    MUST = "must"
    ADVISED = "advised"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Limit:
    """From where a measure passes (`good`), and from where it only warns (`enough`).

    More is better, unless `less` is.
    """

    good: float
    enough: float
    less: bool = False
    unknown: Outcome = Outcome.FAIL

    def judge(self, value: float | None) -> Outcome:
        """Return what a measure is worth; None is what the browser cannot tell."""
        if value is None:
            return self.unknown
        if self._reaches(value, self.good):
            return Outcome.PASS
        return Outcome.WARN if self._reaches(value, self.enough) else Outcome.FAIL

    def _reaches(self, value: float, wanted: float) -> bool:
        return value <= wanted if self.less else value >= wanted


LIMITS: dict[Check, Limit] = {
    Check.SYSTEM: Limit(2, 1),
    Check.BROWSER: Limit(2, 1),
    Check.SCREENS: Limit(1, 1, less=True, unknown=Outcome.WARN),
    Check.STORAGE: Limit(50, 5, unknown=Outcome.PASS),
    Check.CLOCK: Limit(60, 10 * 365 * 24 * 3600, less=True, unknown=Outcome.WARN),
    Check.ALLOWED: Limit(2, 2),
    Check.CAMERA: Limit(640, 320),
    Check.MICROPHONE: Limit(2, 0),
    Check.SPEAKER: Limit(1, 1),
    Check.HEADPHONES: Limit(0, 0, less=True),
    Check.POWER: Limit(1, 0, unknown=Outcome.WARN),
    Check.FRAMING: Limit(0, 1, less=True, unknown=Outcome.WARN),
    # The notice asks for 2 MB/s and 20 Mbit/s. One measurement is a sample, and pictures pass
    # through far less: below the rule it warns, and only a line that cannot carry the exam fails.
    Check.UPLOAD: Limit(16, 2),
    Check.DOWNLOAD: Limit(20, 2),
    Check.LATENCY: Limit(500, 5000, less=True),
    Check.REACH: Limit(2, 1, unknown=Outcome.WARN),
}

ADVISED = frozenset({Check.SYSTEM, Check.CLOCK, Check.POWER, Check.FRAMING, Check.REACH})
"""What only warns unless a subject says otherwise; everything else must pass."""


@dataclass(frozen=True, slots=True)
class CheckRules:
    """A subject's own demands and limits; what it does not name is as above."""

    demands: dict[Check, Demand] = field(default_factory=dict)
    limits: dict[Check, Limit] = field(default_factory=dict)

    def demand(self, check: Check) -> Demand:
        """Return how much this subject asks for a check."""
        return self.demands.get(check, Demand.ADVISED if check in ADVISED else Demand.MUST)

    def limit(self, check: Check) -> Limit:
        """Return the limits that hold in this subject."""
        return self.limits.get(check, LIMITS[check])

    def judge(self, check: Check, value: float | None) -> Outcome:
        """Return what a measure is worth in this subject."""
        outcome = self.limit(check).judge(value)
        if outcome is Outcome.FAIL and self.demand(check) is not Demand.MUST:
            return Outcome.WARN
        return outcome

    @property
    def asked(self) -> tuple[Check, ...]:
        """The checks that are made, in the order of their groups."""
        every = (check for group in GROUPS.values() for check in group)
        return tuple(check for check in every if self.demand(check) is not Demand.OFF)


@dataclass(frozen=True, slots=True)
class Measure:
    """What the page measured. `note` is for the proctor to read, such as a browser's name."""

    check: Check
    value: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A measure and what it was worth when it came."""

    outcome: Outcome
    value: float | None
    note: str
    at: Millis


@dataclass(frozen=True, slots=True)
class Checks:
    """The newest result of each check of one session; `version` as everywhere."""

    session_id: str
    version: int = 0
    results: dict[Check, Result] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """The checks in short, kept with the session: for the door and for the proctors' wall."""

    at: Millis
    outcome: Outcome
    ready: bool
    """Every check that must pass was made and did."""


def take_in(checks: Checks, rules: CheckRules, measures: Iterable[Measure], now: Millis) -> Checks:
    """Return the checks with newer results; what the subject does not ask for is left out."""
    fresh = {
        one.check: Result(
            rules.judge(one.check, one.value), one.value, one.note[:LONGEST_NOTE], now
        )
        for one in measures
        if one.check in rules.asked
    }
    return replace(checks, version=checks.version + 1, results={**checks.results, **fresh})


def missing(rules: CheckRules, results: Mapping[Check, Result]) -> tuple[Check, ...]:
    """Return the checks that still keep the candidate from going on."""
    return tuple(
        check
        for check in rules.asked
        if rules.demand(check) is Demand.MUST
        and (check not in results or results[check].outcome is Outcome.FAIL)
    )


def in_short(rules: CheckRules, checks: Checks, now: Millis) -> Checked:
    """Return the checks in short: the worst outcome of what is asked and made."""
    found = {checks.results[one].outcome for one in rules.asked if one in checks.results}
    worst = next((one for one in (Outcome.FAIL, Outcome.WARN) if one in found), Outcome.PASS)
    return Checked(now, worst, ready=not missing(rules, checks.results))


def may_enter(rules: CheckRules, checked: Checked | None) -> bool:
    """Tell whether the checks let a candidate go on; before any was made, only if none must pass."""
    return checked.ready if checked else not missing(rules, {})
