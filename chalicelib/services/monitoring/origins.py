"""Where the device behind a token calls from: a copied token is told as another place."""

from dataclasses import replace

from chalicelib.domain.monitoring.flags import FlagUpdate
from chalicelib.domain.rules.device_changes import Origin, is_news
from chalicelib.domain.sessions.device_takeover import Takeover, note_origin
from chalicelib.domain.sessions.sessions import Session, Transition, origins_of
from chalicelib.domain.sessions.states import ENDED_STATES
from chalicelib.domain.types import Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.monitoring.observations import flag_records
from chalicelib.services.ports import FunctionContext, Record, SessionBundle


def note_origin_of(
    context: FunctionContext, session: Session, origin: Origin, view: View = View.FIRST
) -> None:
    """Tell that a view's device calls from a new place; nothing is read or written otherwise."""
    if session.state in ENDED_STATES or not is_news(origins_of(session, view), origin):
        return
    now = context.clock()

    def attempt() -> None:
        bundle = context.sessions.bundle(session.session_id)
        noted = note_origin(bundle.session, origin, now, view)
        if noted is not None:
            context.sessions.commit(*takeover_records(bundle, noted, now, (noted.transition,)))

    retry_on_conflict(attempt)


def takeover_records(
    bundle: SessionBundle, takeover: Takeover, now: Millis, changes: tuple[Transition, ...]
) -> tuple[Record, ...]:
    """Return the records of a session that moved, with the flag that tells of it."""
    if takeover.flag is None:
        return moved_records(bundle, changes)
    update = FlagUpdate(takeover.monitor_after(bundle.monitor), (takeover.flag,))
    return flag_records(bundle, update, now, changes)


def moved_records(bundle: SessionBundle, changes: tuple[Transition, ...]) -> tuple[Record, ...]:
    """Return a session after its changes, one version on, with their audit entries."""
    session = replace(changes[-1].session, version=bundle.session.version + 1)
    return session, *(change.entry for change in changes)
