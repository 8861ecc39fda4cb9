"""Device checks: taking measures in, showing them, and a file to measure the line with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.rules.device_checks import (
    CheckMeasure,
    CheckResults,
    CheckRules,
    CheckSummary,
    summarize,
    with_results,
)
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Millis
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.session_access import get_subject
from chalicelib.services.ports import AppContext, Record, SignedForm

STATES_BEFORE_PAPER = frozenset(
    {
        State.SIGNED_IN,
        State.INFO_CONFIRMED,
        State.PLEDGED,
        State.IDENTITY_VERIFIED,
        State.SECOND_VIEW_READY,
        State.WAITING,
    }
)
TEST_FILE_TYPE = "application/octet-stream"
MAX_TEST_FILE_BYTES = 4_000_000
TEST_FILE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The checks of a session and the rules by which they are judged."""

    rules: CheckRules
    results: CheckResults


def read_checks(context: AppContext, session_id: str) -> CheckReport:
    """Return a session's checks. Raises NotFound."""
    session = context.sessions.session(session_id)
    return CheckReport(
        get_subject(context, session).checks, context.sessions.check_results(session_id)
    )


def record_checks(
    context: AppContext, session_id: str, measures: Sequence[CheckMeasure]
) -> CheckReport:
    """Judge what the page measured and keep it; a repeat only makes it newer.

    Raises WrongState once the paper is open.
    """
    now = context.clock()

    def attempt() -> CheckReport:
        session = context.sessions.session(session_id)
        if session.state not in STATES_BEFORE_PAPER:
            raise WrongState
        rules = get_subject(context, session).checks
        checks = with_results(context.sessions.check_results(session_id), rules, measures, now)
        checked = summarize(rules, checks, now)
        context.sessions.commit(checks, *_with_summary(session, checked, now))
        return CheckReport(rules, checks)

    return retry_on_conflict(attempt)


def _with_summary(session: Session, checked: CheckSummary, now: Millis) -> tuple[Record, ...]:
    """The session says it in short; while that stays the same, it is not written again."""
    before = session.check_summary
    if before and (before.outcome, before.ready) == (checked.outcome, checked.ready):
        return ()
    told = replace(session, check_summary=checked)
    transition = with_audit(
        told, now, "candidate", "checked", outcome=checked.outcome, ready=checked.ready
    )
    return transition.session, transition.entry


def start_transfer_test(context: AppContext, session_id: str) -> tuple[str, SignedForm, str]:
    """Return an id, where a file of random bytes may be sent, and where it is read again.

    There is one such file for each session, forgotten after a day. Raises WrongState.
    """
    if context.sessions.session(session_id).state not in STATES_BEFORE_PAPER:
        raise WrongState
    key = f"lines/{session_id}.bin"
    form = context.media.upload_form(key, TEST_FILE_TYPE, MAX_TEST_FILE_BYTES, TEST_FILE_SECONDS)
    return session_id, form, context.media.view_url(key)
