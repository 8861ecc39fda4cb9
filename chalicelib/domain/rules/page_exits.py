"""The page lock (锁屏): counting exits from the exam page, and their consequence. Pure rules.

When the candidate leaves the exam page, the page covers its questions and reports to the server.
The server counts exits by the subject's rule and its own clock. Reports are idempotent.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis

MAX_EXITS = 100
MAX_GRACE: Millis = 10 * SECOND
ESCALATES_AFTER: Millis = 30 * SECOND
MAX_SEQUENCE = 100_000
"""No page reports more exits and returns in a sitting."""
MAX_SEQUENCE_STEP = 1_000
"""How far a report may be ahead of the last one applied: what a page can have lost of its reports."""
LATE_REPORTS: Millis = 120 * MINUTE
"""How long after a sitting's end reports of what happened in it are still taken."""


class ExitConsequence(StrEnum):
    """What happens after more exits than the rule allows."""

    TELL = "tell"
    """The proctor is notified, as of every exit; nothing else happens."""
    PAUSE = "pause"
    """The clock stops until a proctor resumes the session; the time is credited."""
    END = "end"
    """The session is terminated immediately."""


@dataclass(frozen=True, slots=True)
class PageLockRule:
    """How a subject locks the exam page.

    Every exit is counted and shown to the proctor; more than `max_exits` have the `consequence`.
    Exits of up to `grace` do not count: a pop-up of the system takes the focus for a moment.
    """

    on: bool = True
    max_exits: int = 5
    consequence: ExitConsequence = ExitConsequence.PAUSE
    grace: Millis = SECOND

    def __post_init__(self) -> None:
        """Validate the bounds. Raises BadInput."""
        if not 0 <= self.max_exits <= MAX_EXITS:
            raise BadInput(
                LocalizedText(
                    f"允许离开次数应为 0 至 {MAX_EXITS}。",
                    f"The number of exits allowed must be 0 to {MAX_EXITS}.",
                )
            )
        if not 0 <= self.grace <= MAX_GRACE:
            raise BadInput(
                LocalizedText(
                    "可忽略的离开时长应为 0 至 10 秒。",
                    "Only exits of 0 to 10 seconds can be ignored.",
                )
            )


class ExitSignal(StrEnum):
    """The signal by which the page detected an exit."""

    HIDDEN = "hidden"  # another tab or window covers the page, or it was minimised
    BLUR = "blur"  # something else has the keyboard focus
    FULLSCREEN = "fullscreen"  # no longer in full screen
    SCREEN = "screen"  # a second screen appeared
    RESIZE = "resize"  # part of the window is taken, as by developer tools


@dataclass(frozen=True, slots=True)
class ExitCount:
    """How often a session's exam page was left.

    `limit` replaces the rule's `max_exits` once a proctor has resumed the session; `over` is
    whether the rule's consequence is in force. `sequence` is that of the last report applied.
    """

    count: int = 0
    limit: int | None = None
    over: bool = False
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class PageExitReport:
    """A report that the page was left (`away`) or is in front again, `ago` ms before it arrived.

    The page numbers its reports in order; applying one twice is idempotent.
    """

    sequence: int
    away: bool
    signal: ExitSignal
    ago: Millis = 0


@dataclass(frozen=True, slots=True)
class ExitOutcome:
    """The result of a report: the new count, the severity of the exit, the consequence if any."""

    exits: ExitCount
    severity: Severity
    consequence: ExitConsequence | None = None


def apply_report(
    exits: ExitCount, report: PageExitReport, rule: PageLockRule
) -> ExitOutcome | None:
    """Apply a report; return None if it was already applied.

    Raises BadInput where its number is higher than a page can have counted: it would make all that
    follow it look old.
    """
    if report.sequence <= exits.sequence:
        return None
    if report.sequence > exits.sequence + MAX_SEQUENCE_STEP:
        raise BadInput(
            LocalizedText(
                "序号过大，请刷新页面后继续。", "The sequence number is too high. Reload the page."
            ),
            "sequence_too_high",
        )
    exits = replace(exits, sequence=report.sequence)
    limit = limit_of(exits, rule)
    if not report.away:
        return ExitOutcome(exits, _severity(exits.count, limit))
    count = exits.count + 1
    over = count > limit and rule.consequence is not ExitConsequence.TELL
    exits = replace(exits, count=count, over=over)
    return ExitOutcome(exits, _severity(count, limit), rule.consequence if over else None)


def limit_of(exits: ExitCount, rule: PageLockRule) -> int:
    """Return the number of exits after which the rule's consequence applies."""
    return rule.max_exits if exits.limit is None else exits.limit


def _severity(count: int, limit: int) -> Severity:
    if count > limit:
        return Severity.CRITICAL
    return Severity.NOTICE if count <= (limit + 1) // 2 else Severity.SERIOUS


def escalate(severity: Severity, duration: Millis) -> Severity:
    """Return the severity of an exit that has duration so long."""
    longer = duration > ESCALATES_AFTER
    return Severity(min(severity + 1, Severity.CRITICAL)) if longer else severity


def allow_one_more(exits: ExitCount) -> ExitCount:
    """Return the count after a proctor resumes the session: one more exit is allowed."""
    return replace(exits, over=False, limit=exits.count + 1) if exits.over else exits


def exit_moment(report: PageExitReport, earliest: Millis, now: Millis) -> Millis:
    """Return when a reported exit happened, by the server's clock.

    A page that was offline reports how long ago it was, but no earlier than `earliest`.
    """
    return max(min(now, now - report.ago), min(earliest, now))
