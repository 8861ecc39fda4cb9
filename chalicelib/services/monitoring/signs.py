"""Certain signs on a session's record: opened at once, and closed when they are over."""

from collections.abc import Callable

from chalicelib.domain.monitoring.flags import FlagUpdate
from chalicelib.domain.monitoring.signs import CertainSign, close_signs, open_sign
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.monitoring.observations import flag_records
from chalicelib.services.monitoring.session_rules import profile_of
from chalicelib.services.ports import FunctionContext, SessionBundle


def record_sign(context: FunctionContext, session_id: str, sign: CertainSign) -> None:
    """Open the flag of a sign in a session, unless it has ended. Idempotent. Raises NotFound."""
    now = context.clock()
    _change(
        context,
        session_id,
        lambda bundle: open_sign(bundle.monitor, sign, profile_of(bundle.session), now),
    )


def clear_sign(context: FunctionContext, session_id: str, kind: FindingKind, view: View) -> None:
    """Close the open flag of a view's sign that is over. Idempotent. Raises NotFound."""
    now = context.clock()
    _change(
        context,
        session_id,
        lambda bundle: close_signs(bundle.monitor, frozenset({kind}), now, frozenset({view})),
    )


def _change(
    context: FunctionContext, session_id: str, decide: Callable[[SessionBundle], FlagUpdate]
) -> None:
    now = context.clock()

    def attempt() -> None:
        bundle = context.sessions.bundle(session_id)
        update = decide(bundle)
        if update.flags and bundle.session.state not in FINAL_STATES:
            context.sessions.commit(*flag_records(bundle, update, now))

    retry_on_conflict(attempt)
