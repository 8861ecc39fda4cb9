"""From observations to flags: the fold that smooths over time.

`fold` takes one observation into a Watch, `miss` takes the time that has passed, `finish` the
session's end; each returns a new Watch and the flags that changed. Nothing here reads a clock.
What each kind's rule means for people is in docs/flags.md.

An observation older than one already folded of its stream, or one already seen, changes nothing:
queues deliver late and twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.domain.capture.captures import UPLOAD_GRACE
from chalicelib.domain.monitoring.monitor_state import (
    TRAIL,
    Flag,
    Stream,
    Trace,
    Watch,
    bump,
    open_flag,
    silent_since,
    stream_name,
    with_flags,
    with_latest,
    with_stream,
)
from chalicelib.domain.rules.findings import Kind, Observation
from chalicelib.domain.rules.profiles import Profile, Rule
from chalicelib.domain.types import Medium, Millis, View

MOST_CAPTURES = 12


@dataclass(frozen=True, slots=True)
class Folded:
    """What a fold returns: the watch after it, and the flags that opened, changed or closed."""

    watch: Watch
    flags: tuple[Flag, ...] = ()


def fold(watch: Watch, seen: Observation, profile: Profile, *, flagging: bool) -> Folded:
    """Take one observation in. `flagging` says whether flags may open (while answering)."""
    name = stream_name(seen.view, seen.medium)
    stream = watch.streams.get(name, Stream())
    # What was due before this one and has not come by now is not waited for any longer.
    arrived = replace(
        stream, awaited=tuple(one for one in stream.awaited if one.due_at > seen.captured_at)
    )
    if stream.trail and seen.captured_at <= stream.trail[-1].at:
        return Folded(bump(with_stream(watch, name, arrived)))
    watch = with_latest(watch, seen)
    arrivals = _arrivals_end_silence(watch, seen)
    if seen.error is not None:
        return Folded(bump(with_flags(with_stream(watch, name, arrived), arrivals)), arrivals)
    trace = Trace(seen.capture_id, seen.captured_at, seen.findings)
    arrived = replace(arrived, trail=(*arrived.trail, trace)[-TRAIL:])
    flags = _flags_after(watch, seen.view, arrived.trail, _kinds_of(seen, profile), flagging)
    flags += arrivals
    return Folded(bump(with_flags(with_stream(watch, name, arrived), flags)), flags)


def miss(watch: Watch, now: Millis, profile: Profile, *, flagging: bool) -> Folded:
    """Take in that time has passed: overdue pictures open `no_snapshot`, or make it more severe."""
    rule = profile.rules.get(Kind.NO_SNAPSHOT)
    if not flagging or rule is None:
        return Folded(watch)
    silences = (_silence(watch, view, now, profile, rule) for view in View)
    changed = tuple(flag for flag in silences if flag is not None)
    return Folded(bump(with_flags(watch, changed)), changed) if changed else Folded(watch)


def finish(watch: Watch, now: Millis) -> Folded:
    """Close every open flag at the session's end, and await nothing more."""
    closed = tuple(replace(flag, ended_at=now) for flag in watch.open_flags)
    quiet = {name: replace(one, awaited=(), planned_until=0) for name, one in watch.streams.items()}
    return Folded(bump(replace(watch, streams=quiet, open_flags=())), closed)


def _silence(watch: Watch, view: View, now: Millis, profile: Profile, rule: Rule) -> Flag | None:
    """Return the flag of a view's silence as it changes now, or None where it does not."""
    flag = open_flag(watch, Kind.NO_SNAPSHOT, view)
    if flag is not None:
        grown = flag.severity < rule.grown and now - flag.began_at >= rule.grows_after
        return replace(flag, severity=rule.grown, seen_at=now) if grown else None
    since = silent_since(watch, view)
    if since is None or now - since < profile.missing_after + UPLOAD_GRACE:
        return None
    return Flag(
        flag_id=f"{since:013d}-{view}-{Kind.NO_SNAPSHOT}",
        session_id=watch.session_id,
        room_id=watch.room_id,
        kind=Kind.NO_SNAPSHOT,
        view=view,
        severity=rule.severity,
        began_at=since,
        opened_at=now,
        seen_at=now,
        score=1.0,
    )


def _arrivals_end_silence(watch: Watch, seen: Observation) -> tuple[Flag, ...]:
    flag = open_flag(watch, Kind.NO_SNAPSHOT, seen.view)
    if flag is None or seen.medium is not Medium.PICTURE or seen.captured_at < flag.began_at:
        return ()  # a picture from before the silence, however late it comes, does not end it
    return (replace(flag, seen_at=seen.captured_at, ended_at=seen.captured_at),)


def _kinds_of(seen: Observation, profile: Profile) -> Iterable[tuple[Kind, Rule]]:
    """Return the rules that a stream's observations speak to."""
    heard = {Kind.VOICE}
    for kind, rule in profile.rules.items():
        if kind is not Kind.NO_SNAPSHOT and (kind in heard) == (seen.medium is Medium.SOUND):
            yield kind, rule


def _flags_after(
    watch: Watch,
    view: View,
    trail: tuple[Trace, ...],
    rules: Iterable[tuple[Kind, Rule]],
    flagging: bool,  # noqa: FBT001  (private; the public functions name it)
) -> tuple[Flag, ...]:
    changed = []
    for kind, rule in rules:
        flag = open_flag(watch, kind, view)
        after = (
            _carried_on(flag, trail, rule)
            if flag is not None
            else _opened(watch, kind, view, trail, rule)
            if flagging
            else None
        )
        if after is not None and after != flag:
            changed.append(after)
    return tuple(changed)


def _opened(
    watch: Watch, kind: Kind, view: View, trail: tuple[Trace, ...], rule: Rule
) -> Flag | None:
    hits = [one for one in trail[-rule.window :] if one.score(kind) is not None]
    if len(hits) < rule.hits or trail[-1] is not hits[-1]:
        return None
    return Flag(
        flag_id=f"{hits[0].at:013d}-{view}-{kind}",
        session_id=watch.session_id,
        room_id=watch.room_id,
        kind=kind,
        view=view,
        severity=rule.severity,
        began_at=hits[0].at,
        opened_at=trail[-1].at,
        seen_at=trail[-1].at,
        score=max(one.score(kind) or 0.0 for one in hits),
        captures=tuple(one.capture_id for one in hits),
    )


def _carried_on(flag: Flag, trail: tuple[Trace, ...], rule: Rule) -> Flag:
    """Return an open flag after the newest observation: longer, more severe, closed or as it was."""
    newest = trail[-1]
    score = newest.score(flag.kind)
    if score is None:
        clear = all(one.score(flag.kind) is None for one in trail[-rule.clear :])
        over = clear and len(trail) >= rule.clear
        return replace(flag, ended_at=trail[-rule.clear].at) if over else flag
    grown = newest.at - flag.began_at > rule.grows_after
    captures = (*flag.captures[: MOST_CAPTURES - 1], newest.capture_id)
    return replace(
        flag,
        seen_at=newest.at,
        score=max(flag.score, score),
        captures=captures,
        severity=rule.grown if grown else flag.severity,
    )
