"""Watching: capture plans for the devices, observations into flags, and the clock's look."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from chalicelib.exam.adjustments import resolve
from chalicelib.exam.asks import shows_room
from chalicelib.exam.captures import (
    LARGEST_CLIP,
    LARGEST_PICTURE,
    Capture,
    Plan,
    Rhythm,
    make_plan,
)
from chalicelib.exam.errors import Conflict, WrongState
from chalicelib.exam.findings import Observation
from chalicelib.exam.flags import Folded, finish, fold, miss
from chalicelib.exam.memories import NO_SIGNS, Signs, remember
from chalicelib.exam.outages import last_word
from chalicelib.exam.profiles import Profile
from chalicelib.exam.sessions import Change, Session, check_device, note
from chalicelib.exam.states import FINAL, WATCHED, State
from chalicelib.exam.timing import give_back, time_is_up
from chalicelib.exam.watches import Watch, ask, expect, hear, stream_name, with_alarm, with_memory
from chalicelib.exam.words import SECOND, Medium, Millis, Text, View
from chalicelib.services.ending import end_by_time
from chalicelib.services.ports import DataWorld, Record, SignedForm, Whole, World
from chalicelib.services.settling import settle_calls
from chalicelib.services.trying import until_written

PICTURE_TYPE = "image/jpeg"
CLIP_TYPE = "audio/wav"
ASK_EARLY: Millis = 10 * SECOND
"""A device asks for the next plan this long before the current one ends."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A capture and the form that uploads it."""

    capture: Capture
    form: SignedForm


@dataclass(frozen=True, slots=True)
class Window:
    """All captures of the streams asked for; ask again at `next_at`."""

    captures: tuple[Planned, ...]
    now: Millis
    next_at: Millis


def plan_captures(world: World, session_id: str, rhythms: Iterable[Rhythm]) -> Window:
    """Plan the next window of each stream and sign its uploads. Raises WrongState when unwatched."""
    asked = tuple(rhythms)
    first = any(one.view is View.FIRST for one in asked)

    def attempt() -> tuple[Plan, ...]:
        whole = world.sessions.whole(session_id)
        if whole.session.state not in WATCHED:
            raise WrongState(Text("当前阶段不采集画面。", "Nothing is captured at this stage."))
        back, records = _back(world, whole, world.clock()) if first else (whole, ())
        plans, watch = _planned(world, back, asked)
        world.sessions.commit(watch, *records)
        return plans

    plans = until_written(attempt)
    captures = sorted(
        (one for plan in plans for one in plan.captures), key=lambda capture: capture.due_at
    )
    next_at = min(plan.ends_at for plan in plans) - ASK_EARLY
    planned = tuple(signed(world, session_id, one) for one in captures)
    return Window(planned, world.clock(), next_at)


def _planned(
    world: World, whole: Whole, rhythms: Iterable[Rhythm]
) -> tuple[tuple[Plan, ...], Watch]:
    now = world.clock()
    watch = whole.watch
    plans = []
    for rhythm in rhythms:
        stream = watch.streams.get(stream_name(rhythm.view, rhythm.medium))
        begins_at = stream.planned_until if stream else 0
        if begins_at > now + 2 * ASK_EARLY:
            begins_at = now  # a page that was loaded anew has lost the plan it had
        plan = make_plan(rhythm, now, begins_at, world.draw, world.new_id)
        watch = expect(watch, rhythm, plan)
        plans.append(plan)
    return tuple(plans), _armed(replace(watch, version=watch.version + 1), whole.session)


def _back(world: DataWorld, whole: Whole, now: Millis) -> tuple[Whole, tuple[Record, ...]]:
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


def begin_watch(watch: Watch, session: Session, now: Millis) -> Watch:
    """Return the watch of a session whose clock begins to run, at the start or after a pause."""
    views = (View.FIRST, View.SECOND) if session.second_view_joined_at else (View.FIRST,)
    return _armed(ask(watch, views, now), session)


def _armed(watch: Watch, session: Session) -> Watch:
    return with_alarm(watch, _profile(session), flagging=_flagging(session))


def _profile(session: Session) -> Profile:
    return resolve(session.profile, session.adjustments, session.excused)


def _flagging(session: Session) -> bool:
    return session.state is State.ANSWERING


def signed(world: World, session_id: str, capture: Capture) -> Planned:
    """Return a capture with the form that uploads it, good until a little after its moment."""
    picture = capture.medium is Medium.PICTURE
    form = world.media.upload_form(
        capture_key(session_id, capture),
        PICTURE_TYPE if picture else CLIP_TYPE,
        LARGEST_PICTURE if picture else LARGEST_CLIP,
        # Good a little beyond its moment: a picture held back until later is not wanted.
        seconds=(capture.due_at + capture.length - world.clock()) // SECOND + 60,
    )
    return Planned(capture, form)


def capture_key(session_id: str, capture: Capture) -> str:
    """Return where a capture is stored in the media bucket."""
    if capture.medium is Medium.SOUND:
        return f"clips/{session_id}/{capture.capture_id}.wav"
    return f"snapshots/{session_id}/{capture.view}/{capture.capture_id}.jpg"


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
        profile = _profile(whole.session)
        flagging = _flagging(whole.session) and not shows_room(whole.session.ask, seen.captured_at)
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
    return (_armed(folded.watch, running), *folded.flags, *changed, *entries)


def end_watch(world: DataWorld, session_id: str) -> None:
    """Close what is open when a session has ended; safe to repeat."""
    now = world.clock()

    def attempt() -> None:
        whole = world.sessions.whole(session_id)
        # Nobody is compared after the end: the face's numbers are kept no longer than that.
        folded = finish(replace(whole.watch, reference=None), now)
        if _is_watched(whole.watch) or whole.watch.reference:
            world.sessions.commit(*records_of(whole, folded, now))

    until_written(attempt)


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
    if whole.session.state in FINAL and _is_watched(whole.watch):
        end_watch(world, session_id)
        return world.sessions.whole(session_id)
    return whole


def _give_back(world: DataWorld, whole: Whole, now: Millis, *, back: bool) -> bool:
    """Give time back to a device that is back, or that is still cut off when its time ends."""
    if not back and not time_is_up(whole.session, now):
        return False
    after, records = _back(world, whole, now)
    given_back = after.session.ends_at != whole.session.ends_at
    # While it is cut off, only time that is given back is worth a word.
    if not records or not (back or given_back):
        return False
    watch = replace(after.watch, version=whole.watch.version + 1)
    world.sessions.commit(*records, _armed(watch, after.session))
    return True


def _is_watched(watch: Watch) -> bool:
    return bool(watch.open_flags) or watch.wake_at is not None


def _note_silence(world: DataWorld, whole: Whole, now: Millis) -> bool:
    profile = _profile(whole.session)
    folded = miss(whole.watch, now, profile, flagging=_flagging(whole.session))
    if folded.flags:
        world.sessions.commit(*records_of(whole, folded, now))
    return bool(folded.flags)
