"""The lock (锁屏): what counts as leaving the exam page, and what follows. Pure rules.

A page that is left covers its questions and tells the server. The server counts, by the rule of
the subject; its clock is the one that holds, and a report that comes twice counts once.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import SECOND, LocalizedText, Millis

MAX_ALLOWED = 100
MAX_GRACE: Millis = 10 * SECOND
ESCALATES_AFTER: Millis = 30 * SECOND


class ExitConsequence(StrEnum):
    """What follows when the page was left more often than is allowed."""

    TELL = "tell"
    """The proctor is told, as with every leave; nothing else happens."""
    PAUSE = "pause"
    """The clock stops until a proctor lets it run on; the time is credited."""
    END = "end"
    """The session ends at once."""


@dataclass(frozen=True, slots=True)
class PageLockRule:
    """How a subject holds the screen.

    Leaves are counted and told to the proctor always; more than `allowed` of them have `then`
    follow. A leave of up to `forgiven` is none: a system's pop-up takes the focus for a moment.
    """

    on: bool = True
    allowed: int = 5
    then: ExitConsequence = ExitConsequence.PAUSE
    forgiven: Millis = SECOND

    def __post_init__(self) -> None:
        """Refuse what no page could keep to. Raises BadInput."""
        if not 0 <= self.allowed <= MAX_ALLOWED:
            raise BadInput(
                LocalizedText(
                    f"允许离开次数应为 0 至 {MAX_ALLOWED}。",
                    f"Leaves allowed: from 0 to {MAX_ALLOWED}.",
                )
            )
        if not 0 <= self.forgiven <= MAX_GRACE:
            raise BadInput(
                LocalizedText(
                    "可忽略的离开时长应为 0 至 10 秒。", "Leaves forgiven: from 0 to 10 seconds."
                )
            )


class ExitSignal(StrEnum):
    """By which sign a page takes itself for left."""

    HIDDEN = "hidden"  # another tab or window covers it, or it was minimised
    BLUR = "blur"  # something else has the keyboard
    FULLSCREEN = "fullscreen"  # no longer in full screen
    SCREEN = "screen"  # a second screen appeared
    RESIZE = "resize"  # a part of the window was taken away, as developer tools do


@dataclass(frozen=True, slots=True)
class ExitCount:
    """How often a session's page was left.

    `limit` replaces the rule's `allowed` once a proctor has let the session go on; `over` says
    that the rule's consequence holds now. `sequence` is that of the last report taken in.
    """

    count: int = 0
    limit: int | None = None
    over: bool = False
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class PageExitReport:
    """What a page reports: that it was left, or that the person is back, `ago` ms before it came.

    Reports of a page are numbered in order; one that was taken in already changes nothing.
    """

    sequence: int
    away: bool
    why: ExitSignal
    ago: Millis = 0


@dataclass(frozen=True, slots=True)
class ExitOutcome:
    """What a report leads to: the leaves after it, how severe the leave is, what follows now."""

    exits: ExitCount
    severity: Severity
    then: ExitConsequence | None = None


def apply_report(
    exits: ExitCount, report: PageExitReport, rule: PageLockRule
) -> ExitOutcome | None:
    """Take a report in; None where it was taken in before."""
    if report.sequence <= exits.sequence:
        return None
    known = replace(exits, sequence=report.sequence)
    limit = limit_of(known, rule)
    if not report.away:
        return ExitOutcome(known, _severity(known.count, limit))
    count = known.count + 1
    over = count > limit and rule.then is not ExitConsequence.TELL
    counted = replace(known, count=count, over=over)
    return ExitOutcome(counted, _severity(count, limit), rule.then if over else None)


def limit_of(exits: ExitCount, rule: PageLockRule) -> int:
    """Return after how many leaves the rule's consequence follows."""
    return rule.allowed if exits.limit is None else exits.limit


def _severity(count: int, limit: int) -> Severity:
    if count > limit:
        return Severity.CRITICAL
    return Severity.NOTICE if count <= (limit + 1) // 2 else Severity.SERIOUS


def escalate(severity: Severity, lasted: Millis) -> Severity:
    """Return how severe a leave is after it has lasted so long."""
    longer = lasted > ESCALATES_AFTER
    return Severity(min(severity + 1, Severity.CRITICAL)) if longer else severity


def allow_one_more(exits: ExitCount) -> ExitCount:
    """Return the leaves after a proctor lets the session go on: one more is allowed."""
    return replace(exits, over=False, limit=exits.count + 1) if exits.over else exits


def exit_moment(report: PageExitReport, earliest: Millis, now: Millis) -> Millis:
    """Return when what is reported happened, by the server's clock.

    A page that was offline tells how long ago it was; it cannot move it before `earliest`.
    """
    return max(min(now, now - report.ago), min(earliest, now))
