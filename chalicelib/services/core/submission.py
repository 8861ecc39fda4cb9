"""Ending: the answers are counted, hashed and receipted in the very write that ends the session."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.exams.papers import Tally, tally_of
from chalicelib.domain.sessions.sessions import Change, Session, time_out
from chalicelib.domain.types import Millis
from chalicelib.services.ports import DataWorld, Whole


def end(world: DataWorld, whole: Whole, decide: Callable[[Tally], Change]) -> Session:
    """End a session over all its answers. Raises WrongState, and Conflict to be tried again.

    The sheet is written too, over the version read before the answers: an answer that was saved in
    between makes this a conflict, and the receipt is made anew with it.
    """
    change = decide(tally_of(world.sessions.answers(whole.session.session_id)))
    sheet = replace(whole.sheet, version=whole.sheet.version + 1)
    world.sessions.commit(change.session, change.entry, sheet)
    return change.session


def end_by_time(world: DataWorld, whole: Whole, now: Millis) -> Session:
    """End a session whose time is up."""
    return end(world, whole, lambda tally: time_out(whole.session, now, tally))
