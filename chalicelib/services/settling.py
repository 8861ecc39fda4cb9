"""A session's calls: read, changed under a version with their audit, and ended by time."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.exam.calls import Calls, Changed, settle
from chalicelib.exam.sessions import Session
from chalicelib.exam.states import FINAL
from chalicelib.exam.words import Millis
from chalicelib.services.noting import noted
from chalicelib.services.ports import DataWorld
from chalicelib.services.trying import until_written


def read_calls(world: DataWorld, session: Session) -> Calls:
    """Return a session's calls, none where nobody has called yet."""
    return world.messages.calls(session.session_id) or Calls(session.session_id, session.room_id)


def settle_calls(world: DataWorld, session_id: str) -> None:
    """End the calls whose time is over; safe to repeat."""
    if world.messages.calls(session_id) is not None:
        change_calls(world, session_id, world.clock(), lambda _, calls: Changed(calls))


def change_calls(
    world: DataWorld,
    session_id: str,
    now: Millis,
    decide: Callable[[Session, Calls], Changed],
) -> Calls:
    """Settle what is over, let `decide` change the rest, and write calls and audit together."""

    def attempt() -> Calls:
        session = world.sessions.session(session_id)
        before = read_calls(world, session)
        settled = settle(before, now, over=session.state in FINAL)
        changed = decide(session, settled.calls)
        events = (*settled.events, *changed.events)
        if not events:
            return before
        after = replace(changed.calls, version=before.version + 1)
        longer, entries = noted(session, now, events)
        world.sessions.commit(after, longer, *entries)
        return after

    return until_written(attempt)
