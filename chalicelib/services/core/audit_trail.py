"""Several audit entries in one change of a session."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.messaging.calls import AuditEvent
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.types import Millis


def append_events(
    session: Session, now: Millis, events: Iterable[AuditEvent]
) -> tuple[Session, tuple[AuditEntry, ...]]:
    """Return the session's next version, with the events in its audit chain, and their entries."""
    changed, entries = session, []
    for event in events:
        transition = with_audit(changed, now, event.actor, event.action, **event.detail)
        changed = transition.session
        entries.append(transition.entry)
    return replace(changed, version=session.version + 1), tuple(entries)
