"""From observations to flags: the fold that smooths over time.

A Watch is what is remembered of one session between two captures: per stream the last few
observations, the flags that are open, the latest pictures, and which planned captures are still
awaited. `fold` takes one observation in, `miss` takes the time that has passed, `finish` the
session's end; each returns a new Watch and the flags that changed. Nothing here reads a clock.

An observation older than one already folded of its stream, or one already seen, changes nothing:
queues deliver late and twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from chalicelib.exam.captures import UPLOAD_GRACE, Plan, Rhythm
from chalicelib.exam.findings import MENDABLE, Finding, Kind, Observation
from chalicelib.exam.profiles import Profile, Rule, Severity
from chalicelib.exam.words import Medium, Millis, View

TRAIL = 12
MOST_CAPTURES = 12
MOST_AWAITED = 40


@dataclass(frozen=True, slots=True)
class Flag:
    """A behaviour with begin and end; opened and closed by the rules, reviewed by a person.

    `captures` are the observations that caused it, the first ones and the latest.
    """

    flag_id: str
    session_id: str
    room_id: str
    kind: Kind
    view: View
    severity: Severity
    began_at: Millis
    opened_at: Millis
    seen_at: Millis
    ended_at: Millis | None = None
    score: float = 0.0
    captures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """What one folded observation showed, kept short."""

    capture_id: str
    at: Millis
    findings: tuple[Finding, ...]

    def score(self, kind: Kind) -> float | None:
        """Return the kind's score here, or None where it was not found."""
        return next((one.score for one in self.findings if one.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A planned capture that has not come yet."""

    capture_id: str
    due_at: Millis


@dataclass(frozen=True, slots=True)
class Stream:
    """One view's pictures or sound: the last observations, newest last, and what is awaited."""

    trail: tuple[Trace, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    planned_until: Millis = 0


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest picture of a view, as the proctor's wall shows it."""

    capture_id: str
    at: Millis
    key: str
    findings: tuple[Finding, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What is remembered of one session between two captures.

    `reference` is the embedding of the candidate's verified photo, Base64 of 128 float32.
    `wake_at` is when the clock should look at it, if nothing arrives until then.
    """

    session_id: str
    room_id: str
    version: int
    streams: dict[str, Stream] = field(default_factory=dict)
    open_flags: tuple[Flag, ...] = ()
    latest: dict[View, Latest] = field(default_factory=dict)
    reference: str | None = None
    wake_at: Millis | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """What a fold returns: the watch after it, and the flags that opened, changed or closed."""

    watch: Watch
    flags: tuple[Flag, ...] = ()


def stream_name(view: View, medium: Medium) -> str:
    """Return the key of a stream in a watch."""
    return f"{view}/{medium}"


def expect(watch: Watch, rhythm: Rhythm, plan: Plan) -> Watch:
    """Remember a plan's captures as awaited."""
    name = stream_name(rhythm.view, rhythm.medium)
    stream = watch.streams.get(name, Stream())
    fresh = tuple(Awaited(one.capture_id, one.due_at) for one in plan.captures)
    # Of too many the oldest are kept: asking for plans again and again hides no silence.
    awaited = (*stream.awaited, *fresh)[:MOST_AWAITED]
    planned = replace(stream, awaited=awaited, planned_until=plan.ends_at)
    return _with_stream(watch, name, planned)


def ask(watch: Watch, views: Iterable[View], now: Millis) -> Watch:
    """Begin, or begin again, to want pictures of these views: silence counts from now on.

    What was planned before, for a waiting room or over a pause, is not missed any more.
    """
    for view in views:
        name = stream_name(view, Medium.PICTURE)
        stream = watch.streams.get(name, Stream())
        awaited = tuple(one for one in stream.awaited if one.due_at > now)
        wanted = replace(stream, awaited=awaited, planned_until=max(stream.planned_until, now))
        watch = _with_stream(watch, name, wanted)
    return _bump(watch)


def to_mend(watch: Watch, view: View) -> tuple[Kind, ...]:
    """Return what the newest picture of a view asks the candidate to mend."""
    latest = watch.latest.get(view)
    return tuple(one.kind for one in latest.findings if one.kind in MENDABLE) if latest else ()


def fold(watch: Watch, seen: Observation, profile: Profile, *, flagging: bool) -> Folded:
    """Take one observation in. `flagging` says whether flags may open (while answering)."""
    name = stream_name(seen.view, seen.medium)
    stream = watch.streams.get(name, Stream())
    # What was due before this one and has not come by now is not waited for any longer.
    arrived = replace(
        stream, awaited=tuple(one for one in stream.awaited if one.due_at > seen.captured_at)
    )
    if stream.trail and seen.captured_at <= stream.trail[-1].at:
        return Folded(_bump(_with_stream(watch, name, arrived)))
    watch = _with_latest(watch, seen)
    arrivals = _arrivals_end_silence(watch, seen)
    if seen.error is not None:
        return Folded(_bump(_with_flags(_with_stream(watch, name, arrived), arrivals)), arrivals)
    trace = Trace(seen.capture_id, seen.captured_at, seen.findings)
    arrived = replace(arrived, trail=(*arrived.trail, trace)[-TRAIL:])
    flags = _flags_after(watch, seen.view, arrived.trail, _kinds_of(seen, profile), flagging)
    flags += arrivals
    return Folded(_bump(_with_flags(_with_stream(watch, name, arrived), flags)), flags)


def miss(watch: Watch, now: Millis, profile: Profile, *, flagging: bool) -> Folded:
    """Take in that time has passed: planned pictures that are overdue open `no_snapshot`."""
    opened = tuple(
        _silence(watch, view, since, now, profile)
        for view in View
        if flagging
        and (since := _silent_since(watch, view)) is not None
        and now - since >= profile.missing_after + UPLOAD_GRACE
        and _open(watch, Kind.NO_SNAPSHOT, view) is None
        and Kind.NO_SNAPSHOT in profile.rules
    )
    return Folded(_bump(_with_flags(watch, opened)), opened) if opened else Folded(watch)


def finish(watch: Watch, now: Millis) -> Folded:
    """Close every open flag at the session's end, and await nothing more."""
    closed = tuple(replace(flag, ended_at=now) for flag in watch.open_flags)
    quiet = {name: replace(one, awaited=(), planned_until=0) for name, one in watch.streams.items()}
    return Folded(_bump(replace(watch, streams=quiet, open_flags=())), closed)


def with_alarm(watch: Watch, profile: Profile, *, flagging: bool) -> Watch:
    """Return the watch with `wake_at` set for what it awaits now."""
    moments = [
        since + profile.missing_after + UPLOAD_GRACE
        for view in View
        if flagging
        and (since := _silent_since(watch, view)) is not None
        and _open(watch, Kind.NO_SNAPSHOT, view) is None
    ]
    return replace(watch, wake_at=min(moments, default=None))


def _silent_since(watch: Watch, view: View) -> Millis | None:
    """Return the moment of the first picture that is awaited, else the end of the last plan.

    A device that stops asking for plans is as silent as one that stops sending pictures.
    """
    stream = watch.streams.get(stream_name(view, Medium.PICTURE))
    if stream is None or stream.planned_until == 0:
        return None
    if stream.awaited:
        return stream.awaited[0].due_at
    shown = watch.latest.get(view)
    return max(stream.planned_until, shown.at if shown else 0)


def _silence(watch: Watch, view: View, since: Millis, now: Millis, profile: Profile) -> Flag:
    severity = profile.rules[Kind.NO_SNAPSHOT].severity
    return Flag(
        flag_id=f"{since:013d}-{view}-{Kind.NO_SNAPSHOT}",
        session_id=watch.session_id,
        room_id=watch.room_id,
        kind=Kind.NO_SNAPSHOT,
        view=view,
        severity=severity,
        began_at=since,
        opened_at=now,
        seen_at=now,
        score=1.0,
    )


def _arrivals_end_silence(watch: Watch, seen: Observation) -> tuple[Flag, ...]:
    flag = _open(watch, Kind.NO_SNAPSHOT, seen.view)
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
        flag = _open(watch, kind, view)
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
        severity=Severity(min(rule.severity + 1, Severity.CRITICAL)) if grown else flag.severity,
    )


def _open(watch: Watch, kind: Kind, view: View) -> Flag | None:
    return next((one for one in watch.open_flags if one.kind is kind and one.view is view), None)


def _with_stream(watch: Watch, name: str, stream: Stream) -> Watch:
    return replace(watch, streams={**watch.streams, name: stream})


def _with_latest(watch: Watch, seen: Observation) -> Watch:
    if seen.medium is not Medium.PICTURE:
        return watch
    shown = watch.latest.get(seen.view)
    if shown is not None and shown.at > seen.captured_at:
        return watch
    latest = Latest(seen.capture_id, seen.captured_at, seen.key, seen.findings, seen.error)
    return replace(watch, latest={**watch.latest, seen.view: latest})


def _with_flags(watch: Watch, changed: tuple[Flag, ...]) -> Watch:
    ids = {flag.flag_id for flag in changed}
    kept = tuple(flag for flag in watch.open_flags if flag.flag_id not in ids)
    still = tuple(flag for flag in changed if flag.ended_at is None)
    return replace(watch, open_flags=(*kept, *still))


def _bump(watch: Watch) -> Watch:
    return replace(watch, version=watch.version + 1)
