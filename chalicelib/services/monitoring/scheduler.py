"""Waking: what time alone brings to a session, and what a device brings that is there again."""

from dataclasses import replace

from chalicelib.domain.monitoring.flags import miss
from chalicelib.domain.rules.outages import last_word
from chalicelib.domain.sessions.session_clock import give_back, time_is_up
from chalicelib.domain.sessions.sessions import check_device
from chalicelib.domain.sessions.states import FINAL, State
from chalicelib.domain.types import Millis
from chalicelib.retry import until_written
from chalicelib.services.core.submission import end_by_time
from chalicelib.services.messaging.calls import settle_calls
from chalicelib.services.monitoring.observations import (
    armed,
    end_watch,
    is_flagging,
    is_watched,
    profile_of,
    records_of,
)
from chalicelib.services.ports import DataWorld, Record, Whole


def heard_again(world: DataWorld, whole: Whole, now: Millis) -> tuple[Whole, tuple[Record, ...]]:
    """The first view's device is there: give back what it was cut off for, and note the word.

    Returns the whole after it, of which the watch is still to be written, and what else is.
    """
    heard_at = whole.watch.heard_at
    if heard_at is None or whole.session.state is not State.ANSWERING:
        return whole, ()
    watch = replace(whole.watch, heard_at=now)
    change = None
    if now - heard_at >= whole.session.outages.least:
        answered = (one.saved_at for one in world.sessions.answers(whole.session.session_id))
        change = give_back(whole.session, last_word(heard_at, answered, now), now)
    if change is None:
        return replace(whole, watch=watch), ()
    return replace(whole, session=change.session, watch=watch), (change.session, change.entry)


def look_at_clock(world: DataWorld) -> int:
    """Do what time alone brings: sessions that end, captures that never came. Returns how many.

    Raises all failures together, after every session was looked at.
    """
    due = world.sessions.due(world.clock())
    failures = []
    for session_id in due:
        try:
            look_at(world, session_id)
            settle_calls(world, session_id)
        except Exception as error:  # noqa: BLE001  (one session must not hold up the others)
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(due)} sessions", failures)
    return len(due)


def look_at(world: DataWorld, session_id: str, *, back: int | None = None) -> Whole:
    """Do what time alone brings to one session, and return it as it is then.

    `back` says that its own device is there, and of which generation it is: Raises OtherDevice.
    Where nothing happens it is read once.
    """
    now = world.clock()

    def attempt() -> Whole:
        whole = world.sessions.whole(session_id)
        if back is not None:
            check_device(whole.session, back)
        if _give_back(world, whole, now, back=back is not None):
            return world.sessions.whole(session_id)
        if time_is_up(whole.session, now):
            end_by_time(world, whole, now)
            return world.sessions.whole(session_id)
        if _note_silence(world, whole, now):
            return world.sessions.whole(session_id)
        return whole

    whole = until_written(attempt)
    if whole.session.state in FINAL and is_watched(whole.watch):
        end_watch(world, session_id)
        return world.sessions.whole(session_id)
    return whole


def _give_back(world: DataWorld, whole: Whole, now: Millis, *, back: bool) -> bool:
    """Give time back to a device that is back, or that is still cut off when its time ends."""
    if not back and not time_is_up(whole.session, now):
        return False
    after, records = heard_again(world, whole, now)
    given_back = after.session.ends_at != whole.session.ends_at
    # While it is cut off, only time that is given back is worth a word.
    if not records or not (back or given_back):
        return False
    watch = replace(after.watch, version=whole.watch.version + 1)
    world.sessions.commit(*records, armed(watch, after.session))
    return True


def _note_silence(world: DataWorld, whole: Whole, now: Millis) -> bool:
    profile = profile_of(whole.session)
    folded = miss(whole.watch, now, profile, flagging=is_flagging(whole.session))
    if folded.flags:
        world.sessions.commit(*records_of(whole, folded, now))
    return bool(folded.flags)
