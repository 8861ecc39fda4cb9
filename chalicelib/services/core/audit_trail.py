"""Writing several audit entries in one change of a session."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.messaging.calls import AuditEvent
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.types import Millis


def append_events(
    session: Session, now: Millis, events: Iterable[AuditEvent]
) -> tuple[Session, tuple[AuditEntry, ...]]:
    """Return the session with its chain grown by the events, one version on, and the entries."""
    longer, entries = session, []
    for event in events:
        transition = with_audit(longer, now, event.actor, event.action, **event.detail)
        longer = transition.session
        entries.append(transition.entry)
    return replace(longer, version=session.version + 1), tuple(entries)
