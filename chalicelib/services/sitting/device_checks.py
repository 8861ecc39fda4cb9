"""Device checks: recording and reading results, and the file that measures the bandwidth."""

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
    """A session's check results and the rules that judge them."""

    rules: CheckRules
    results: CheckResults


@dataclass(frozen=True, slots=True)
class TransferTest:
    """A bandwidth test: where a file of random bytes is uploaded, and where it is downloaded."""

    name: str
    upload: SignedForm
    download_url: str


def read_checks(context: AppContext, session_id: str) -> CheckReport:
    """Return a session's check results. Raises NotFound."""
    session = context.sessions.session(session_id)
    return CheckReport(
        get_subject(context, session).checks, context.sessions.check_results(session_id)
    )


def record_checks(
    context: AppContext, session_id: str, measures: Sequence[CheckMeasure]
) -> CheckReport:
    """Judge and store the page's measures; a repeat replaces them.

    Raises WrongState once the paper is open.
    """
    now = context.clock()

    def attempt() -> CheckReport:
        session = context.sessions.session(session_id)
        if session.state not in STATES_BEFORE_PAPER:
            raise WrongState
        rules = get_subject(context, session).checks
        results = with_results(context.sessions.check_results(session_id), rules, measures, now)
        summary = summarize(rules, results, now)
        context.sessions.commit(results, *_summary_records(session, summary, now))
        return CheckReport(rules, results)

    return retry_on_conflict(attempt)


def _summary_records(session: Session, summary: CheckSummary, now: Millis) -> tuple[Record, ...]:
    """Return the session with its summary and the audit entry; nothing while it stays the same."""
    before = session.check_summary
    if before and (before.outcome, before.ready) == (summary.outcome, summary.ready):
        return ()
    transition = with_audit(
        replace(session, check_summary=summary),
        now,
        "candidate",
        "checked",
        outcome=summary.outcome,
        ready=summary.ready,
    )
    return transition.session, transition.entry


def start_transfer_test(context: AppContext, session_id: str) -> TransferTest:
    """Return where the page uploads and downloads the file with which it measures the bandwidth.

    There is one such file per session, deleted after a day. Raises WrongState once the paper is
    open.
    """
    if context.sessions.session(session_id).state not in STATES_BEFORE_PAPER:
        raise WrongState
    key = f"lines/{session_id}.bin"
    form = context.media.upload_form(key, TEST_FILE_TYPE, MAX_TEST_FILE_BYTES, TEST_FILE_SECONDS)
    return TransferTest(session_id, form, context.media.view_url(key))
