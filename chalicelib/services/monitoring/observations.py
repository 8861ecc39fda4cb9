"""Watching: observations into flags, from a session's start to its end."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.capture.proctor_requests import shows_room
from chalicelib.domain.errors import Conflict
from chalicelib.domain.monitoring.baseline import NO_SIGNS, Signs, remember
from chalicelib.domain.monitoring.flags import Folded, finish, fold
from chalicelib.domain.monitoring.monitor_state import Watch, ask, hear, with_alarm, with_memory
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.rules.profiles import Profile
from chalicelib.domain.rules.rule_overrides import resolve
from chalicelib.domain.sessions.sessions import Change, Session, note
from chalicelib.domain.sessions.states import FINAL, State
from chalicelib.domain.types import Millis, View
from chalicelib.retry import until_written
from chalicelib.services.ports import DataWorld, Record, Whole


def begin_watch(watch: Watch, session: Session, now: Millis) -> Watch:
    """Return the watch of a session whose clock begins to run, at the start or after a pause."""
    views = (View.FIRST, View.SECOND) if session.second_view_joined_at else (View.FIRST,)
    return armed(ask(watch, views, now), session)


def armed(watch: Watch, session: Session) -> Watch:
    """Return a session's watch with the alarm that it needs as it is now."""
    return with_alarm(watch, profile_of(session), flagging=is_flagging(session))


def profile_of(session: Session) -> Profile:
    """Return by which rules a session is watched."""
    return resolve(session.profile, session.adjustments, session.excused)


def is_flagging(session: Session) -> bool:
    """Tell whether what is seen raises flags: while the candidate is answering."""
    return session.state is State.ANSWERING


def is_watched(watch: Watch) -> bool:
    """Tell whether anything is still open, or awaited."""
    return bool(watch.open_flags) or watch.wake_at is not None


def read_watch(world: DataWorld, session_id: str) -> Watch:
    """Return a session's watch, for the reference that a picture is compared with."""
    return world.sessions.whole(session_id).watch


def record(world: DataWorld, seen: Observation, signs: Signs = NO_SIGNS) -> None:
    """Fold one observation into the session's flags; two calls to the store.

    `signs` are what the picture leaves to be remembered.
    A repeat changes nothing. What comes after the session's end is kept, but raises no flag.
    """

    def attempt() -> None:
        whole = world.sessions.whole(seen.session_id)
        if whole.session.state in FINAL:
            world.sessions.commit(seen)
            return
        profile = profile_of(whole.session)
        flagging = is_flagging(whole.session) and not shows_room(
            whole.session.ask, seen.captured_at
        )
        watch = with_memory(
            _heard(whole, seen),
            seen.view,
            lambda one: remember(one, seen, signs, answering=flagging),
        )
        folded = fold(watch, seen, profile, flagging=flagging)
        world.sessions.commit(seen, *records_of(whole, folded, world.clock()))

    until_written(lambda: _unless_known(world, seen, attempt))


def _heard(whole: Whole, seen: Observation) -> Watch:
    """The watch after a word of the first view's device."""
    if seen.view is not View.FIRST:
        return whole.watch
    return hear(whole.watch, seen.captured_at, whole.session.outages.least)


def _unless_known(world: DataWorld, seen: Observation, attempt: Callable[[], None]) -> None:
    """Run `attempt`; that it conflicts with this very observation, redelivered, is no failure."""
    try:
        attempt()
    except Conflict:
        if not world.sessions.observations_of(seen.session_id, [seen.capture_id]):
            raise


def records_of(
    whole: Whole, folded: Folded, now: Millis, changes: tuple[Change, ...] = ()
) -> tuple[Record, ...]:
    """Return the watch, the flags, and the audit entries of flags that opened or closed.

    `changes` of the session itself, one after the other, are written with them.
    """
    session = changes[-1].session if changes else whole.session
    running = session
    entries: list[Record] = [one.entry for one in changes]
    for flag in folded.flags:
        opened = all(flag.flag_id != one.flag_id for one in whole.watch.open_flags)
        if not opened and flag.ended_at is None:
            continue
        action = "flag_opened" if flag.ended_at is None else "flag_closed"
        change: Change = note(
            session,
            now,
            "system",
            action,
            flag=flag.flag_id,
            kind=flag.kind,
            severity=flag.severity,
        )
        session = change.session
        entries.append(change.entry)
    # Several entries make one write of the session: its version grows by one, its chain by many.
    changed = (replace(session, version=whole.session.version + 1),) if entries else ()
    return (armed(folded.watch, running), *folded.flags, *changed, *entries)


def end_watch(world: DataWorld, session_id: str) -> None:
    """Close what is open when a session has ended; safe to repeat."""
    now = world.clock()

    def attempt() -> None:
        whole = world.sessions.whole(session_id)
        # Nobody is compared after the end: the face's numbers are kept no longer than that.
        folded = finish(replace(whole.watch, reference=None), now)
        if is_watched(whole.watch) or whole.watch.reference:
            world.sessions.commit(*records_of(whole, folded, now))

    until_written(attempt)
