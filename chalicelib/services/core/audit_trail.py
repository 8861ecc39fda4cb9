"""Writing several audit entries in one change of a session."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.messaging.calls import Event
from chalicelib.domain.sessions.sessions import Session, note
from chalicelib.domain.types import Millis


def noted(
    session: Session, now: Millis, events: Iterable[Event]
) -> tuple[Session, tuple[AuditEntry, ...]]:
    """Return the session with its chain grown by the events, one version on, and the entries."""
    longer, entries = session, []
    for event in events:
        change = note(longer, now, event.actor, event.action, **event.detail)
        longer = change.session
        entries.append(change.entry)
    return replace(longer, version=session.version + 1), tuple(entries)
